"""Metadata sets against their structure: every set in one form, and all that is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hub.errors import BadRequest, Finding, NotFound, Severity
from hub.formats.limits import Limits
from hub.formats.message import Action
from hub.formats.metadata import METADATA_LIMITS, Reading, Received
from hub.model import (
    MetadataAttribute,
    MetadataSet,
    Reference,
    ReportedAttribute,
    Structures,
)
from hub.model.metadata_schema import AttributePath, MetadataSchema, resolve_metadata
from hub.model.metadata_set import NO_VERSION
from hub.publish.metadata.targets import Fault, check_targets
from hub.publish.metadata.values import conformed
from hub.publish.suggest import nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The sets of a message in the form they are kept in, each with what is asked to be done.

    `findings` are errors first.
    """

    sets: tuple[tuple[Action | None, MetadataSet], ...]
    findings: tuple[Finding, ...]

    @property
    def has_errors(self) -> bool:
        """True where something must be mended first."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def check(reading: Reading, structures: Structures, limits: Limits = METADATA_LIMITS) -> Checked:
    """Check the sets of a message against the structures of a node."""
    checking = _Checking(reading.source, structures, limits)
    sets = tuple((one.action, checking.set(one)) for one in reading.received)
    times = Counter(one.reference for _, one in sets)
    for reference, number in times.items():
        if number > 1:
            checking.find(sets[0][1], "metadata-twice", f"{reference} is there {number} times")
    found = [*checking.findings, *reading.notes]
    found.sort(key=lambda finding: list(Severity).index(finding.severity))
    return Checked(sets=sets, findings=tuple(found))


class _Checking:
    def __init__(self, source: str, structures: Structures, limits: Limits) -> None:
        self.source, self.structures, self.limits = source, structures, limits
        self.findings: list[Finding] = []
        self.is_labelled = False
        self._schemas: dict[Reference, MetadataSchema] = {}

    def _schema(self, context: Reference) -> MetadataSchema:
        """The schema of a flow or agreement; raises NotFound."""
        if context not in self._schemas:
            self._schemas[context] = resolve_metadata(context, self.structures)
        return self._schemas[context]

    def set(self, given: Received) -> MetadataSet:
        """Check one set; returns it in the form it is kept in, so far as it is sound."""
        one = given.metadata_set
        self.is_labelled = given.is_labelled
        if given.action is Action.DELETE:
            if one.attributes:
                message = (
                    "single attributes are not deleted: hand the whole set in as it shall be, with "
                    "the action Replace"
                )
                self.find(one, "metadata-delete", message)
            return one
        for rule, message in _identity(one):
            self.find(one, rule, message)
        context = one.context
        if context is None:
            message = "it names neither a Metadataflow nor a MetadataProvisionAgreement"
            self.find(one, "metadata-flow", message)
            return one
        try:
            schema = self._schema(context)
        except NotFound as error:
            message = f"{error.message}; load its structure with 'corridor structures load'"
            self.find(one, "metadata-flow", message)
            return one
        for fault in (*_provider(one, schema), *check_targets(one, schema, self.structures)):
            self.find(one, fault[0], fault[1], severity=fault[2])
        known = schema.structure.every_attribute
        return replace(one, attributes=self._level(one, one.attributes, known, schema, ()))

    def find(
        self,
        one: MetadataSet,
        rule: str,
        message: str,
        place: str = "",
        *,
        severity: Severity = Severity.ERROR,
        suggestion: str | None = None,
    ) -> None:
        """Note what is wrong with a set, at an attribute of it or as a whole."""
        self.findings.append(
            Finding(
                rule=rule,
                message=f"{one.reference}: {message}",
                severity=severity,
                file=self.source or None,
                column=place or None,
                suggestion=suggestion,
            )
        )

    def _level(
        self,
        one: MetadataSet,
        given: Sequence[ReportedAttribute],
        known: Sequence[MetadataAttribute],
        schema: MetadataSchema,
        above: AttributePath,
        place: str = "",
    ) -> tuple[ReportedAttribute, ...]:
        """The attributes of one level in the order of the structure, each conformed."""
        by_id = {attribute.id: attribute for attribute in known}
        for attribute in given:
            if attribute.id not in by_id:
                self._unknown(one, attribute.id, list(by_id), place)
        conforming: list[ReportedAttribute] = []
        for id_, declared in by_id.items():
            found = [attribute for attribute in given if attribute.id == id_]
            own = f"{place}.{id_}" if place else id_
            for message in _occurrences(len(found), declared):
                self.find(one, "metadata-occurs", message, own)
            for number, attribute in enumerate(found, start=1):
                where = f"{own}[{number}]" if len(found) > 1 else own
                path = (*above, id_)
                below = self._level(
                    one, attribute.attributes, declared.attributes, schema, path, where
                )
                filled = self._value(one, attribute, declared, schema, path, where)
                conforming.append(replace(filled, attributes=below))
        return tuple(conforming)

    def _unknown(self, one: MetadataSet, id_: str, known: list[str], place: str) -> None:
        similar = nearest(id_, known) if known else None
        hint = f"; did you mean {similar}?" if similar else ""
        where = f"below {place}" if place else "of this structure"
        message = f"there is no attribute {id_} {where}{hint}"
        own = f"{place}.{id_}" if place else id_
        self.find(one, "metadata-attribute", message, own, suggestion=similar)

    def _value(
        self,
        one: MetadataSet,
        attribute: ReportedAttribute,
        declared: MetadataAttribute,
        schema: MetadataSchema,
        path: AttributePath,
        where: str,
    ) -> ReportedAttribute:
        """An attribute with its value conformed; as it is where that is wrong."""
        if not attribute.has_value:
            if not declared.is_presentational and not attribute.attributes:
                self.find(one, "metadata-value", "it is empty: give a value or leave it out", where)
            return attribute
        if declared.is_presentational:
            message = "it has no value of its own, it only holds others: move the value below"
            self.find(one, "metadata-value", message, where)
            return attribute
        codes = schema.lists.get(path)
        if self.is_labelled and codes is not None and attribute.value not in codes.by_id:
            attribute = replace(attribute, value=(attribute.value or "").partition(": ")[0])
        try:
            return conformed(attribute, schema.representations[path], codes, self.limits)
        except BadRequest as error:
            self.find(one, "metadata-value", error.message, where)
            return attribute


def _identity(one: MetadataSet) -> Iterator[tuple[str, str]]:
    parts = one.version.partition("-")[0].split(".")
    if one.version != NO_VERSION and len(parts) != 3:
        message = f"version '{one.version}' is not semantic: write three parts, or leave it out"
        yield "metadata-version", message


def _provider(one: MetadataSet, schema: MetadataSchema) -> Iterator[Fault]:
    """Under an agreement, the provider is the one that agreed."""
    if schema.agreement is None:
        return
    provider = schema.agreement.provider
    agency = provider.scheme.agency
    if one.agency not in (agency, provider.item, f"{agency}.{provider.item}"):
        message = (
            f"it is of {one.agency}, its agreement of the provider {provider.item} of {agency}"
        )
        yield "metadata-provider", message, Severity.ERROR


def _occurrences(number: int, declared: MetadataAttribute) -> Iterator[str]:
    if number < declared.min_occurs:
        yield (
            "it is missing"
            if not number
            else f"it is there {number} times, at least {declared.min_occurs} times are wanted"
        )
    if declared.max_occurs is not None and number > declared.max_occurs:
        yield f"it is there {number} times, at most {declared.max_occurs} are possible"
