"""Writing an agreement down, once it is clear that it can mean something."""

from __future__ import annotations

from codelists import reporting_areas
from federation.harvest.plan import harvested_flows
from federation.partners import Partner
from federation.partners.catalogued import CataloguedPartners
from hub.errors import BadRequest, Conflict
from hub.model import ArtefactClass, ProvisionAgreement, parse_reference
from hub.settings import parse_duration
from hub.store import Store
from hub.store.actors import Actor
from hub.store.agreements import Agreement, Terms, add_agreement

_MOST = 2_000


def write_down(store: Store, terms: Terms, by: Actor) -> Agreement:
    """Check terms and write them down.

    Raises NotFound for a partner, flow or provision agreement there is none of, BadRequest for
    areas the partner does not speak for, for an end before the beginning and for what cannot be
    read, Conflict where the provision agreement is about another flow.
    """
    partner = CataloguedPartners(store.catalogue).get(terms.partner)
    harvested_flows(store.structures, terms.flows)
    _check_areas(terms, partner)
    if terms.valid_to is not None and terms.valid_to <= terms.valid_from:
        raise BadRequest(f"--to {terms.valid_to:%Y-%m-%d} is not after the beginning")
    if terms.retention:
        parse_duration(terms.retention)
    for option, text in (("--basis", terms.basis), ("--contact", terms.contact)):
        _check_text(option, text)
    if not terms.basis.strip():
        raise BadRequest("an agreement needs its legal basis: --basis 'Regulation (EC) 862/2007'")
    if terms.artefact:
        _check_artefact(store, terms)
    return add_agreement(store.catalogue, terms, by)


def _check_areas(terms: Terms, partner: Partner) -> None:
    unknown = [area for area in terms.areas if area not in reporting_areas()]
    if unknown:
        raise BadRequest(
            f"{', '.join(unknown)} is no reporting area: write ISO 3166-1 alpha-3 codes"
        )
    foreign = [area for area in terms.areas if area not in partner.areas]
    if foreign:
        raise BadRequest(
            f"{partner.id} may speak for {', '.join(partner.areas)}, not for "
            f"{', '.join(foreign)}: an agreement narrows what it was added with, it does not widen "
            "it"
        )


def _check_text(option: str, text: str) -> None:
    if len(text) > _MOST:
        raise BadRequest(f"{option} has {len(text):,} characters: at most {_MOST:,} are kept")
    if any(not sign.isprintable() and sign not in "\n\t" for sign in text):
        raise BadRequest(f"{option} has control characters: write it as plain text")


def _check_artefact(store: Store, terms: Terms) -> None:
    """The provision agreement is there, and about one of the flows."""
    reference = parse_reference(terms.artefact, ArtefactClass.PROVISION_AGREEMENT)
    found = store.structures.get(reference, ProvisionAgreement)
    flow = f"{found.dataflow.agency}:{found.dataflow.id}"
    if terms.flows and flow not in terms.flows:
        raise Conflict(f"{terms.artefact} is about {flow}, not about {', '.join(terms.flows)}")
