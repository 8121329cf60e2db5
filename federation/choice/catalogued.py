"""The offers of partners, kept in the catalogue of a node (an `OfferBook`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from federation.choice.book import by_source
from federation.choice.choose import Candidate, Choice
from federation.partners import Partner
from federation.partners.catalogued import CataloguedPartners
from hub.model import Descent, Origin, Reference, recorded
from hub.store import Catalogue, Store
from hub.store.offers import offers_of, replace_offers


class CataloguedOffers:
    """The book of a node; partners that were removed are not in it any more."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def current(self, flow: Reference) -> Mapping[str, str]:
        """The source readers get of each slice of a flow now."""
        release = self._store.release(flow)
        return {one.slice: one.source for one in release.slices} if release else {}

    def held(self, flow: Reference) -> Mapping[str, frozenset[str]]:
        """By partner, the slices of a flow of which this node holds its figures, used or not."""
        return by_source((one.source, one.slice) for one in self._store.newest(flow) if one.rows)

    def known(self, flow: Reference) -> Sequence[Choice]:
        """What partners offered when they were last asked, and what became of it."""
        return self._choices(offers_of(self._catalogue, flow))

    def record(self, flow: Reference, choices: Sequence[Choice], at: datetime) -> None:
        """Remember what was chosen; where nothing changed, nothing is written."""
        rows = [_row(choice, at) for choice in choices]
        kept = ("slice", "partner", "descent", "is_told", "is_chosen", "why")
        before = [{name: row[name] for name in kept} for row in offers_of(self._catalogue, flow)]
        if before != [{name: row[name] for name in kept} for row in rows]:
            replace_offers(self._catalogue, flow, rows)

    def of_partner(self, partner: str) -> Sequence[tuple[str, Choice]]:
        """What a partner offered of each flow (`AGENCY:ID`), and what became of it."""
        rows = offers_of(self._catalogue, partner=partner)
        return list(zip([row["flow"] for row in rows], self._choices(rows), strict=False))

    @property
    def _catalogue(self) -> Catalogue:
        return self._store.catalogue

    def _choices(self, rows: Sequence[Mapping[str, Any]]) -> list[Choice]:
        partners = {one.id: one for one in CataloguedPartners(self._store.catalogue).list()}
        return [
            _choice(row, partners[row["partner"]]) for row in rows if row["partner"] in partners
        ]


def _row(choice: Choice, at: datetime) -> dict[str, Any]:
    candidate = choice.candidate
    return {
        "slice": candidate.area,
        "partner": candidate.partner.id,
        "descent": dict(candidate.descent.detail),
        "is_told": candidate.is_told,
        "is_chosen": choice.is_chosen,
        "why": choice.why,
        "at": at,
    }


def _choice(row: Mapping[str, Any], partner: Partner) -> Choice:
    kept = Origin(kind="harvest", name=partner.id, detail=tuple(row["descent"].items()))
    candidate = Candidate(
        partner=partner,
        area=row["slice"],
        descent=recorded(kept) or Descent(origin=partner.id),
        is_told=row["is_told"],
    )
    return Choice(candidate=candidate, is_chosen=row["is_chosen"], why=row["why"])
