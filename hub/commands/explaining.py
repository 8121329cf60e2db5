"""`explain`: what an observation was made of, down to the bytes partners sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from federation.provenance import (
    Explanation,
    Input,
    Outcome,
    Part,
    Source,
    Verdict,
    explain,
    verify,
)
from federation.provenance.prov import prov_of
from hub.commands.context import Home, Json, store_of, wants_json
from hub.commands.failing import fail
from hub.commands.showing import console, print_json, print_rows, printable
from hub.commands.submitting import Flow, flow_of
from hub.errors import Finding, Invalid

_SHOWN = 12
_ROLES = {
    "cell": "as counted",
    "substitute": "citizens, for born in",
    "unknown": "share of unknown origin",
    "former": "share of a former state",
    "rounding": "rounding",
    "sender": "E, the sender's",
    "receiver": "I, the receiver's",
}


def explain_command(
    context: typer.Context,
    flow: Flow,
    key: Annotated[
        list[str],
        typer.Argument(
            metavar="KEY...",
            help="A value for each dimension, dots between, time last: "
            "A.POL._T.STK_BIRTH.VAL.RCV.RPT._T._T.PS.2020.",
            show_default=False,
        ),
    ],
    verify_: Annotated[
        bool,
        typer.Option(
            "--verify", help="Compute them again from the archived bytes.", show_default=False
        ),
    ] = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Say what observations are made of, and where that came from. Exit 1 where that is not so."""
    with store_of(context, home) as store:
        reference = flow_of(flow, store.structures)
        told = explain(store, reference, key)
        verdicts: list[Verdict | None] = [None] * len(told)
        if verify_:
            verdicts = [*verify(store, told)]
        node = store.settings.node
    as_json = wants_json(context, json)
    documents = []
    for one, verdict in zip(told, verdicts, strict=True):
        if as_json:
            documents.append(prov_of(one, node, verdict))
        else:
            _show(one, verdict)
    error = _refusal(told, verdicts)
    if error is not None:
        fail(error, as_json=as_json, answer={"provenance": documents})
    if as_json:
        print_json(documents[0] if len(documents) == 1 else documents)


def _refusal(told: Sequence[Explanation], verdicts: Sequence[Verdict | None]) -> Invalid | None:
    """The error with which the command ends where a figure is not what the archive gives."""
    findings = [
        Finding(rule=f"archive-{verdict.outcome}", message=line, value=one.key)
        for one, verdict in zip(told, verdicts, strict=True)
        if verdict is not None and verdict.outcome is not Outcome.EQUAL
        for line in _verdict(one, verdict)
    ]
    if not findings:
        return None
    failed = len({finding.value for finding in findings})
    return Invalid(
        f"{failed} of {len(told)} observations could not be reproduced from the archive", findings
    )


def _verdict(told: Explanation, verdict: Verdict) -> Iterator[str]:
    """What came of computing an observation again, line by line."""
    held = "nothing" if told.value is None else number(told.value)
    if verdict.outcome is Outcome.EQUAL:
        yield f"verified: {held}, computed again from {len(verdict.read)} archived files"
    elif verdict.outcome is Outcome.DIFFERS:
        again = "nothing" if verdict.value is None else number(verdict.value)
        yield f"differs: {held} here, {again} computed again from the archive"
    else:
        yield f"{held} cannot be computed again from the bytes that came"
    for one in verdict.differences:
        sides = ["nothing" if v is None else number(v) for v in (one.held, one.archived)]
        yield f"{one.flow} {one.key}: {sides[0]} here, {sides[1]} in the archive"
    yield from verdict.faults
    yield from verdict.notes


def _show(told: Explanation, verdict: Verdict | None) -> None:
    for line in _head(told):
        console().print(printable(line))
    if told.is_derived:
        print_rows(_rows(told), title="made of", empty="made of nothing that is here")
        for line in _tail(told):
            console().print(printable(line))
    else:
        for line in _origin(told.source):
            console().print(printable(line))
    if verdict is not None and verdict.outcome is Outcome.EQUAL:
        for line in _verdict(told, verdict):
            console().print(printable(line))


def _head(told: Explanation) -> Iterator[str]:
    figure = "no figure" if told.value is None else number(told.value)
    yield f"{told.flow} {told.key}"
    told_of = ", ".join(f"{name} {_text(value)}" for name, value in told.attributes.items())
    yield f"{figure}{f' ({told_of})' if told_of else ''}"
    if not told.is_derived:
        return
    yield f"derived by {told.method}: {told.rule}"
    for release in told.releases:
        yield f"from {release.flow}, release {release.id}"


def _text(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _rows(told: Explanation) -> list[dict[str, object]]:
    return [row for part in told.parts for row in _part_rows(part)]


def _part_rows(part: Part) -> Iterator[dict[str, object]]:
    """A row for each input of an addend; the value of the addend stands in the first."""
    for place, one in enumerate(part.inputs):
        source = one.source
        yield {
            "area": part.area if place == 0 else "",
            "persons": number(part.value) if place == 0 and part.value is not None else "",
            "how": _how(part, one),
            "observation": one.key,
            "node": _nodes(source),
            "its release": source.detail.get("release", "")[:_SHOWN] if source else "",
            "attempt": str(source.attempt.id) if source and source.attempt else "",
            "archived bytes": _bytes(source)[:_SHOWN],
        }


def _how(part: Part, one: Input) -> str:
    said = [_ROLES.get(part.role, part.role)]
    if part.factor is not None and part.factor != 1:
        said.append(f"{part.factor:.6g} x {_value(one)}")
    if part.kind == "interpolated":
        said.append(f"between the years, here {_value(one)}")
    elif part.kind == "carried":
        said.append("carried forward")
    if part.weights:
        said.append(f"by {len(part.weights)} other observations")
    return ", ".join(said)


def _value(one: Input) -> str:
    return "nothing" if one.value is None else number(one.value)


def _nodes(source: Source | None) -> str:
    """The node that figures are from, and those they came through."""
    if source is None:
        return ""
    descent = source.descent
    return " > ".join(descent.path) if descent else source.version.source


def _bytes(source: Source | None) -> str:
    if source is None:
        return ""
    return source.archived.digest if source.archived else "none"


def _tail(told: Explanation) -> Iterator[str]:
    total = sum(part.value or 0 for part in told.parts)
    if told.method.startswith("mirror") and len(told.parts) > 1:
        yield f"sum: {number(total)}"
    reporting, expected = (told.attributes.get(n) for n in ("N_PARTNERS", "N_PARTNERS_EXP"))
    if expected is not None:
        weight = told.attributes.get("COVERAGE_W")
        share = f", with {weight:.1%} of the immigrants" if isinstance(weight, float) else ""
        yield f"{reporting} of {expected} expected destinations report the origin{share}"
    if told.left_out:
        yield "not in it:"
    for left in told.left_out:
        held = left.input
        figure = f": {_value(held)} ({held.key})" if held is not None else ""
        yield f"  {left.area}: {left.why}{figure}"
    lacks = {
        (one.source.version.source, one.source.lack)
        for one in told.inputs()
        if one.source is not None and one.source.lack
    }
    for node, lack in sorted(lacks):
        yield f"{node}: {lack}"


def _origin(source: Source) -> Iterator[str]:
    version = source.version
    yield (
        f"in release {source.release.id} of this node, slice {version.slice or '(whole flow)'} "
        f"from {version.source}, file {version.digest}"
    )
    if source.detail.get("release"):
        yield f"release {source.detail['release']} of {version.source}, {source.detail['url']}"
    descent = source.descent
    if descent is not None and descent.hops > 1:
        yield f"it began at {descent.origin}, release {descent.release or 'not told'}"
        yield f"file {descent.digest or 'not told'} there; it came {' > '.join(descent.path)}"
    if source.attempt is not None:
        attempt = source.attempt
        yield f"attempt {attempt.id}, opened {attempt.opened:%Y-%m-%d %H:%M:%SZ}: {attempt.reason}"
    for archived in (*source.earlier, *([source.archived] if source.archived else [])):
        size = "gone" if archived.size is None else f"{archived.size:,} bytes"
        yield f"archived bytes {archived.digest}, {size}, {archived.place}"
    if source.lack:
        yield source.lack


def number(value: float) -> str:
    """A figure for people: whole where it is whole, else with what tells it apart."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.4f}".rstrip("0")
