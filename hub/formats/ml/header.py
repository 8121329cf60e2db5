"""The header of an SDMX-ML data message: what its data sets are data of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hub.errors import BadRequest
from hub.formats.components import CONTEXTS
from hub.formats.message import Action
from hub.formats.ml.walk import Element, Walk
from hub.model import ArtefactClass, Reference, parse_urn

#: What an element of the header refers to; the second spelling of the agreement is that of 2.1.
_ELEMENTS = {
    "Structure": ArtefactClass.DATA_STRUCTURE,
    "StructureUsage": ArtefactClass.DATAFLOW,
    "ProvisionAgreement": ArtefactClass.PROVISION_AGREEMENT,
    "ProvisionAgrement": ArtefactClass.PROVISION_AGREEMENT,
}
_CLASSES = {cls.class_name: cls for cls in CONTEXTS}
_ACTIONS = {action.value: action for action in Action}


@dataclass(slots=True)
class Payload:
    """A structure that the header declares: what it refers to, and how data sets are laid out."""

    id: str = ""
    reference: Reference | None = None
    at_observation: str | None = None
    has_explicit_measures: bool = False


def by_name(attributes: Sequence[str]) -> dict[str, str]:
    """XML attributes by their local names."""
    names = (name.rpartition(" ")[2] for name in attributes[::2])
    return dict(zip(names, attributes[1::2], strict=True))


def parse_action(walk: Walk, word: str) -> Action:
    """The action a data set or header names; Invalid for another word."""
    action = _ACTIONS.get(word.strip())
    if action is None:
        known = ", ".join(_ACTIONS)
        raise walk.refuse("ml-action", f"'{word[:80]}' is not an action; there are {known}")
    return action


class HeaderRules:
    """Reads the header; `payloads` are by the id that data sets refer to them with."""

    def __init__(self, walk: Walk) -> None:
        self.payloads: dict[str, Payload] = {}
        self.action: Action | None = None
        self._walk = walk
        self._payload = Payload()
        self._ref: dict[str, str] = {}
        self._urn = ""

    def element(self) -> Element:
        """The rule of `Header`; what is not about the data is passed over."""
        ref = Element(start=self._refer)
        urn = Element(end=self._name, takes_text=True)
        targets = {
            name: Element(
                children={"Ref": ref, "URN": urn},
                start=self._open_target,
                end=lambda text, cls=cls: self._close_target(cls, text),  # type: ignore[misc]
                takes_text=True,
            )
            for name, cls in _ELEMENTS.items()
        }
        structure = Element(children=targets, start=self._declare, allows_others=True)
        action = Element(end=self._act, takes_text=True)
        return Element(
            children={"Structure": structure, "DataSetAction": action}, allows_others=True
        )

    def payload(self, given: str | None) -> Payload:
        """The structure a data set refers to; the only one where it does not say."""
        if given is not None and given in self.payloads:
            return self.payloads[given]
        if given is None and len(self.payloads) <= 1:
            return next(iter(self.payloads.values()), Payload())
        known = ", ".join(self.payloads) or "none"
        named = "no structureRef" if given is None else f"structureRef '{given[:80]}'"
        message = f"the data set has {named}; the header declares the structures {known}"
        raise self._walk.refuse("ml-structure", message)

    def _declare(self, attributes: list[str]) -> None:
        given = by_name(attributes)
        self._payload = Payload(
            id=given.get("structureID", ""),
            at_observation=given.get("dimensionAtObservation"),
            has_explicit_measures=given.get("explicitMeasures") in ("true", "1"),
        )
        self.payloads[self._payload.id] = self._payload

    def _open_target(self, _attributes: list[str]) -> None:
        self._ref, self._urn = {}, ""

    def _refer(self, attributes: list[str]) -> None:
        self._ref = by_name(attributes)

    def _name(self, text: str) -> None:
        self._urn = text.strip()

    def _act(self, text: str) -> None:
        self.action = parse_action(self._walk, text)

    def _close_target(self, cls: ArtefactClass, text: str) -> None:
        urn = self._urn or text.strip()
        if urn:
            self._payload.reference = self._by_urn(urn)
        elif self._ref:
            self._payload.reference = self._by_parts(cls)

    def _by_urn(self, urn: str) -> Reference:
        try:
            reference = parse_urn(urn)
        except BadRequest as error:
            raise self._walk.refuse("ml-structure", error.message) from None
        if isinstance(reference, Reference) and reference.artefact_class in CONTEXTS:
            return reference
        message = f"'{urn[:200]}' is no dataflow, provision agreement or data structure"
        raise self._walk.refuse("ml-structure", message)

    def _by_parts(self, cls: ArtefactClass) -> Reference:
        """A reference in the spelling of SDMX 2.1; without a version it means 1.0."""
        given = self._ref
        missing = [name for name in ("agencyID", "id") if not given.get(name)]
        if missing:
            message = f"a Ref without {' and '.join(missing)} refers to nothing"
            raise self._walk.refuse("ml-structure", message)
        cls = _CLASSES.get(given.get("class", ""), cls)
        return Reference(cls, given["agencyID"], given["id"], given.get("version", "1.0"))
