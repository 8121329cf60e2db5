"""Which artefacts that are handed in a node takes: rules of versions and of references."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hub.errors import Conflict, CorridorError, NotFound, Unprocessable
from hub.model import ArtefactClass, Codelist, Maintainable, Reference, Structures, resolve
from hub.model.continuity import breaks
from hub.model.integrity import missing
from hub.model.partial import merged
from hub.model.version import is_stable
from hub.model.wellformed import faults

_TOLD = 3
_RESOLVED = (
    ArtefactClass.DATAFLOW,
    ArtefactClass.DATA_STRUCTURE,
    ArtefactClass.PROVISION_AGREEMENT,
)
Refusal = Conflict | NotFound | Unprocessable


@dataclass(frozen=True)
class Standing:
    """What a node has: all structures, those among them that were handed in, and flows with data.

    `published` are the references of dataflows whose figures were ever released.
    """

    structures: Structures
    stored: Mapping[Reference, Maintainable]
    published: tuple[Reference, ...]

    def is_fixed(self, artefact: Maintainable) -> bool:
        """True for an artefact that comes with the program or that the node makes itself."""
        return self.stored.get(artefact.reference) != artefact


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An artefact as it would be, beside what is there now; `error` tells why it will not be."""

    artefact: Maintainable
    present: Maintainable | None = None
    error: Refusal | None = None

    @property
    def is_change(self) -> bool:
        """True where something is to be written."""
        return self.error is None and self.artefact != self.present


def admit(
    given: Sequence[Maintainable], standing: Standing, *, creates: bool = True
) -> tuple[Draft, ...]:
    """Decide about artefacts that are handed in together, each for itself as far as it can be.

    Without `creates`, what is not there is refused.
    """
    times = Counter(artefact.reference for artefact in given)
    drafts = []
    for artefact in given:
        present = standing.structures.find(artefact.reference)
        draft = Draft(artefact=artefact, present=present)
        try:
            if times[artefact.reference] > 1:
                raise Unprocessable(f"{artefact.urn} is in the message several times")
            drafts.append(replace(draft, artefact=_admitted(draft, standing, creates=creates)))
        except (Conflict, NotFound, Unprocessable) as error:
            drafts.append(replace(draft, error=error))
    return without_broken(drafts, standing)


def refuse_change(present: Maintainable, standing: Standing) -> None:
    """Raise Conflict for an artefact that nobody may change or delete."""
    if standing.is_fixed(present):
        raise Conflict(
            f"{present.urn} comes with the program or is made by the node itself, and cannot be "
            "changed: use an id or a version of your own"
        )
    if is_stable(present.version):
        raise Conflict(
            f"{present.urn} is a stable version, which never changes: give the new content a new "
            "version, and use an extension (1.1.0-draft) as long as it may change"
        )


def without_broken(drafts: Sequence[Draft], standing: Standing) -> tuple[Draft, ...]:
    """Refuse drafts that refer to what is missing or leave others referring to what is gone.

    What depends on a refused draft is refused with it, so that the others can be taken.
    """
    while True:
        together = standing.structures.with_(d.artefact for d in drafts if d.is_change)
        checked = tuple(
            replace(draft, error=_broken(draft, standing, together)) if draft.is_change else draft
            for draft in drafts
        )
        if checked == tuple(drafts):
            return checked
        drafts = checked


def _admitted(draft: Draft, standing: Standing, *, creates: bool) -> Maintainable:
    """The artefact as it would be; raises what is wrong with it by itself."""
    artefact, present = draft.artefact, draft.present
    _refuse_malformed(artefact)
    if present is None:
        if artefact.is_partial or not creates:
            raise NotFound(
                f"there is no {artefact.urn} to change: create it first, whole, with POST"
            )
        return artefact
    if standing.is_fixed(present) and _is_excerpt(artefact, present):
        return present
    whole = artefact
    if artefact.is_partial:
        whole = merged(present, artefact)
        _refuse_malformed(whole)
    if whole != present:
        refuse_change(present, standing)
    return whole


def _is_excerpt(given: Maintainable, present: Maintainable) -> bool:
    """True for a code list as it is there, or with some of its codes alone.

    Messages carry excerpts of cross-domain lists under their ids and versions.
    """
    if not isinstance(given, Codelist) or not isinstance(present, Codelist):
        return given == present
    about = replace(given, items=present.items, is_partial=present.is_partial)
    return about == present and all(present.by_id.get(one.id) == one for one in given.items)


def _refuse_malformed(artefact: Maintainable) -> None:
    wrong = faults(artefact)
    if wrong:
        raise Unprocessable(f"{artefact.urn[:300]}: {'; '.join(wrong)}")


def _broken(draft: Draft, standing: Standing, together: Structures) -> Refusal | None:
    lost = missing(draft.artefact, together)
    if lost:
        told = ", ".join(reference.urn for reference in lost[:_TOLD])
        more = f" and {len(lost) - _TOLD} more" if len(lost) > _TOLD else ""
        return Conflict(
            f"{draft.artefact.urn} refers to what is not on this node: {told}{more}; hand it in "
            "before, or in the same message"
        )
    if draft.artefact.artefact_class in _RESOLVED:
        try:
            resolve(draft.artefact.reference, together)
        except CorridorError as error:
            refusal = Conflict if isinstance(error, NotFound) else Unprocessable
            return refusal(f"{draft.artefact.urn} cannot be used: {error.message}")
    reasons = (*_stranded(draft, standing, together), *_unreadable(draft, standing, together))
    return next((Conflict(f"{draft.artefact.urn} cannot change so: {r}") for r in reasons), None)


def _stranded(draft: Draft, standing: Standing, together: Structures) -> Iterator[str]:
    """Artefacts that refer to items which would be gone.

    A new version can strand those, too, that refer to the newest one, whichever it is.
    """
    for parent in together.parents(draft.artefact):
        if standing.structures.find(parent.reference) != parent:
            continue  # it is handed in as well, and checked for itself
        before = missing(parent, standing.structures)
        lost = [reference for reference in missing(parent, together) if reference not in before]
        if lost:
            yield f"{parent.urn} refers to {lost[0].urn}"


def _unreadable(draft: Draft, standing: Standing, together: Structures) -> Iterator[str]:
    """Flows with published figures that would have no place in the structures any more."""
    for flow in standing.published:
        if draft.artefact.reference not in _closure(flow, together):
            continue
        try:
            after = resolve(flow, together)
        except CorridorError as error:
            yield f"{flow} has published figures: {error.message}"
            continue
        reason = breaks(resolve(flow, standing.structures), after)
        if reason is not None:
            yield f"{flow} has published figures, and {reason}"


def _closure(reference: Reference, structures: Structures) -> set[Reference]:
    """An artefact and all it refers to, directly or not."""
    seen: set[Reference] = set()
    ahead = [structures.find(reference)]
    while ahead:
        artefact = ahead.pop()
        if artefact is not None and artefact.reference not in seen:
            seen.add(artefact.reference)
            ahead.extend(structures.children(artefact))
    return seen
