"""An explanation in the words of W3C PROV, written as PROV-JSON (W3C member submission, 2013).

| what                             | PROV                                                    |
|----------------------------------|---------------------------------------------------------|
| observation                      | entity, member of a slice version                       |
| slice version                    | entity, member of a release                             |
| bytes a partner sent             | entity, primary source of the slice version             |
| release in which figures began   | entity, from which the slice version was derived        |
| derivation, attempt of a harvest | activity                                                |
| node                             | agent                                                   |
| method                           | entity, plan of the node in the derivation              |

What PROV has no term for stands in attributes of the prefix `corridor`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from federation.provenance.values import Archived, Explanation, Input, Part, Source, Verdict
from hub.model import Reference, Release

_PREFIXES = {
    kind: f"urn:corridor:{kind}:"
    for kind in (
        "attempt",
        "derivation",
        "method",
        "node",
        "observation",
        "raw",
        "release",
        "slice",
        "verification",
    )
} | {"corridor": "urn:corridor:term:"}

_Attributes = Mapping[str, object]


class _Document:
    """A PROV-JSON document while it is put together; what is said twice stands there once."""

    def __init__(self) -> None:
        self.said: dict[str, dict[str, dict[str, Any]]] = {}

    def name(self, kind: str, id_: str, attributes: _Attributes) -> str:
        """Say that a thing (`entity`, `activity`, `agent`) is there; returns its id."""
        told = self.said.setdefault(kind, {}).setdefault(id_, {})
        told.update(_given(attributes))
        return id_

    def relate(self, relation: str, **roles: object) -> None:
        """Say that things are related; attributes of the relation are given with `more`."""
        more = roles.pop("more", {})
        told = {f"prov:{role}": thing for role, thing in roles.items()}
        told |= _given(more if isinstance(more, Mapping) else {})
        known = self.said.setdefault(relation, {})
        if told not in known.values():
            known[f"_:{relation}{len(known) + 1}"] = told

    def whole(self) -> dict[str, Any]:
        """The document."""
        return {"prefix": _PREFIXES, **self.said}


def prov_of(explanation: Explanation, node: str, verdict: Verdict | None = None) -> dict[str, Any]:
    """Write an explanation, and what came of computing it again, as a PROV-JSON document.

    `node` is the id of this node. Values are numbers; instants are ISO 8601 in UTC.
    """
    document = _Document()
    own = document.name("agent", f"node:{node}", {"prov:type": "prov:SoftwareAgent"})
    subject = _observation(document, explanation.flow, explanation.key, explanation.value)
    document.name("entity", subject, _terms(explanation.attributes))
    _source(document, subject, explanation.source, own)
    if explanation.is_derived:
        _derivation(document, explanation, subject, own)
    if verdict is not None:
        _verification(document, explanation, verdict, subject, own)
    return document.whole()


def _derivation(document: _Document, told: Explanation, subject: str, own: str) -> None:
    activity = document.name(
        "activity",
        f"derivation:{told.source.version.digest}",
        {
            "prov:type": "corridor:Derivation",
            "corridor:rule": told.rule,
            "corridor:leftOut": [f"{one.area}: {one.why}" for one in told.left_out],
        },
    )
    method = {"prov:type": "prov:Plan", "corridor:version": told.method}
    plan = document.name("entity", f"method:{told.method}", method)
    document.relate("wasAssociatedWith", activity=activity, agent=own, plan=plan)
    document.relate("wasGeneratedBy", entity=subject, activity=activity)
    for release in told.releases:
        document.relate("used", activity=activity, entity=_release(document, release))
    for part in told.parts:
        for one in part.inputs:
            _used(document, one, part, subject, activity, own)
        for one in part.weights:
            _weighed(document, one, subject, activity, own)


def _used(
    document: _Document, one: Input, part: Part, subject: str, activity: str, own: str
) -> None:
    given = _input(document, one, own)
    document.relate(
        "wasDerivedFrom",
        generatedEntity=subject,
        usedEntity=given,
        activity=activity,
        more={
            "corridor:role": part.role,
            "corridor:area": part.area,
            "corridor:kind": part.kind,
            "corridor:factor": part.factor,
            "corridor:contribution": part.value,
        },
    )


def _weighed(document: _Document, one: Input, subject: str, activity: str, own: str) -> None:
    document.relate(
        "wasDerivedFrom",
        generatedEntity=subject,
        usedEntity=_input(document, one, own),
        activity=activity,
        more={"corridor:role": "weight"},
    )


def _input(document: _Document, one: Input, own: str) -> str:
    given = _observation(document, one.flow, one.key, one.value)
    if one.source is not None:
        _source(document, given, one.source, own)
    return given


def _observation(document: _Document, flow: Reference, key: str, value: float | None) -> str:
    about = {
        "prov:type": "corridor:Observation",
        "prov:value": value,
        "corridor:flow": str(flow),
        "corridor:key": key,
    }
    return document.name("entity", f"observation:{flow.agency}.{flow.id}.{key}", about)


def _release(document: _Document, release: Release) -> str:
    about = {
        "prov:type": "prov:Collection",
        "corridor:flow": str(release.flow),
        "corridor:visibleFrom": _instant(release.visible_from),
    }
    return document.name("entity", f"release:{release.id}", about)


def _source(document: _Document, subject: str, source: Source, own: str) -> None:
    """Say in which slice version an observation stands, of whom it is, and what it came from."""
    version = source.version
    about = {
        "prov:type": "prov:Collection",
        "corridor:slice": version.slice,
        "corridor:digest": version.digest,
        "corridor:origin": version.origin.kind,
        "corridor:committed": _instant(version.committed),
        "corridor:file": source.detail.get("file"),
        "corridor:lack": source.lack,
    }
    slice_ = document.name("entity", f"slice:{version.digest}", about)
    provider = document.name("agent", f"node:{version.source}", {})
    document.relate("hadMember", collection=slice_, entity=subject)
    document.relate("hadMember", collection=_release(document, source.release), entity=slice_)
    document.relate("wasAttributedTo", entity=slice_, agent=provider)
    if version.origin.kind == "harvest":
        _harvest(document, slice_, source, provider, own)


def _harvest(document: _Document, slice_: str, source: Source, provider: str, own: str) -> None:
    attempt, detail = source.attempt, source.detail
    activity = None
    if attempt is not None:
        about = {
            "prov:type": "corridor:Attempt",
            "prov:startTime": _instant(attempt.opened),
            "prov:endTime": _instant(attempt.finished) if attempt.finished else None,
            "corridor:reason": attempt.reason.value if attempt.reason else None,
            "corridor:url": detail.get("url"),
        }
        activity = document.name("activity", f"attempt:{attempt.id}", about)
        document.relate("wasAssociatedWith", activity=activity, agent=own)
        document.relate("wasGeneratedBy", entity=slice_, activity=activity)
    theirs = detail.get("release")
    if theirs:
        about_release = {"prov:type": "prov:Collection", "corridor:flow": str(source.flow)}
        partner = document.name("entity", f"release:{theirs}", about_release)
        document.relate("wasAttributedTo", entity=partner, agent=provider)
    _began(document, slice_, source)
    primary = {"prov:type": "prov:PrimarySource"}
    made = {"activity": activity} if activity else {}
    for archived in source.earlier:
        raw = _bytes(document, archived)
        document.relate("wasDerivedFrom", generatedEntity=slice_, usedEntity=raw, more=primary)
    if source.archived is None:
        return
    raw = _bytes(document, source.archived)
    document.relate("wasDerivedFrom", generatedEntity=slice_, usedEntity=raw, **made, more=primary)
    if theirs:
        document.relate(
            "wasDerivedFrom", generatedEntity=raw, usedEntity=f"release:{theirs}", **made
        )


def _bytes(document: _Document, archived: Archived) -> str:
    about = {
        "prov:type": "corridor:ArchivedBytes",
        "corridor:sha256": archived.digest,
        "corridor:bytes": archived.size,
        "corridor:place": archived.place,
        "corridor:sent": archived.arrival.get("sent"),
    }
    return document.name("entity", f"raw:{archived.digest}", about)


def _began(document: _Document, slice_: str, source: Source) -> None:
    """Say at which node the figures of a slice began, where that is not the one that sent them."""
    descent = source.descent
    if descent is None or descent.hops < 2:
        return
    origin = document.name("agent", f"node:{descent.origin}", {})
    about = {"prov:type": "prov:Collection", "corridor:flow": str(source.flow)}
    began = f"release:{descent.release}" if descent.release else f"slice:{descent.digest}"
    document.name("entity", began, about)
    document.relate("wasAttributedTo", entity=began, agent=origin)
    told = {
        "corridor:path": list(descent.path),
        "corridor:digest": descent.digest,
        "corridor:updated": _instant(descent.updated) if descent.updated else None,
    }
    document.relate("wasDerivedFrom", generatedEntity=slice_, usedEntity=began, more=told)


def _verification(
    document: _Document, told: Explanation, verdict: Verdict, subject: str, own: str
) -> None:
    about = {
        "prov:type": "corridor:Verification",
        "corridor:outcome": verdict.outcome.value,
        "corridor:value": verdict.value,
        "corridor:differs": [
            f"{one.key}: {_figure(one.held)} here, {_figure(one.archived)} in the bytes"
            for one in verdict.differences
        ],
        "corridor:fault": list(verdict.faults),
        "corridor:note": list(verdict.notes),
        "corridor:read": list(verdict.read),
    }
    activity = document.name("activity", f"verification:{told.key}", about)
    document.relate("wasAssociatedWith", activity=activity, agent=own)
    document.relate("used", activity=activity, entity=subject)


def _figure(value: float | None) -> str:
    return "nothing" if value is None else repr(value)


def _terms(attributes: _Attributes) -> _Attributes:
    return {f"corridor:{name}": value for name, value in attributes.items()}


def _given(attributes: _Attributes) -> dict[str, object]:
    """The attributes that say something; a type is a qualified name, not a text."""
    given = {name: value for name, value in attributes.items() if value not in (None, "", [])}
    if "prov:type" in given:
        given["prov:type"] = {"$": given["prov:type"], "type": "prov:QUALIFIED_NAME"}
    return given


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
