"""`sources add|compare|choose`: several sources for one indicator, and which one is published."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from hub.commands.context import Home, Json, store_of, wants_json
from hub.commands.findings import report_json, show_report
from hub.commands.handing_in import HandedIn, released_or_waiting
from hub.commands.identity import Key, actor_of
from hub.commands.instants import instant_of
from hub.commands.showing import console, print_json, print_rows
from hub.commands.submitting import All, DryRun, Embargo, Flow, flow_of
from hub.publish import Outcome
from hub.publish.sources import Comparison, chosen, compare, own_flow, record_choice
from hub.store.keys import Right

#: Cells shown to a person, and given to a machine, where nothing else is said.
_SHOWN, _GIVEN = 20, 10_000
MOST_CELLS = 1_000_000

Suffix = Annotated[
    str, typer.Argument(metavar="SOURCE", help="What names the source, as LFS or CEN_2021.")
]
Name = Annotated[
    str, typer.Option(help="The source in words, for the name of the dataflow.", show_default=False)
]
Flows = Annotated[
    list[str],
    typer.Argument(
        metavar="FLOW FLOW …", help="Dataflows of one structure; the first is compared with."
    ),
]
Cells = Annotated[
    int | None,
    typer.Option(
        "--cells",
        min=0,
        max=MOST_CELLS,
        help=f"How many cells to show (default: {_SHOWN}; with --json: {_GIVEN:,}).",
        show_default=False,
    ),
]
Source = Annotated[
    str, typer.Argument(metavar="SOURCE_FLOW", help="The dataflow that holds the chosen source.")
]
Reason = Annotated[
    str, typer.Option(help="Why this source is chosen; shown with the release.", show_default=False)
]


def sources_add(
    context: typer.Context,
    flow: Flow,
    suffix: Suffix,
    name: Name = "",
    home: Home = None,
    json: Json = False,
) -> None:
    """Make a dataflow of the node's own for one source of a shared dataflow."""
    with store_of(context, home) as store:
        shared = flow_of(flow, store.structures)
        agency = store.settings.agency
        made = own_flow(store.structures, shared, suffix, agency, name)
        added, same = store.load_structures(made)
    own = made[0].reference
    if wants_json(context, json):
        print_json({"flow": str(own), "source_of": str(shared), "added": added, "same": same})
        return
    told = "made" if added else "was there already"
    console().print(f"{own} {told}: publish the figures of the source under it")


def sources_compare(
    context: typer.Context,
    flows: Flows,
    cells: Cells = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """Compare sources cell by cell: values, differences, what each covers, a summary by year."""
    as_json = wants_json(context, json)
    most = cells if cells is not None else _GIVEN if as_json else _SHOWN
    with store_of(context, home) as store:
        asked = [flow_of(flow, store.structures) for flow in flows]
        compared = compare(store, asked, most)
    if as_json:
        print_json(_as_json(compared))
        return
    _show(compared)


def sources_choose(
    context: typer.Context,
    flow: Flow,
    source_flow: Source,
    reason: Reason = "",
    dry_run: DryRun = False,
    embargo: Embargo = "",
    key: Key = "",
    all_: All = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Let one source feed the shared dataflow: publish its figures there, with the reason.

    Where the setting four_eyes is on, it waits for the approval of a second key instead.
    """
    with store_of(context, home) as store:
        shared = flow_of(flow, store.structures)
        source = flow_of(source_flow, store.structures)
        until = instant_of(embargo, "--embargo") if embargo else None
        submission = chosen(store, shared, source, reason)
        detail = dict(submission.origin.detail)
        note = f"{detail['chosen']}: {detail['reason']}"
        actor = actor_of(store, key, Right.PUBLISH)
        handed_in = HandedIn(actor, until, note, dry_run=dry_run)
        report = released_or_waiting(store, shared, submission, handed_in)
        if report.outcome is not Outcome.DRY_RUN:
            record_choice(store, submission, report)
    if wants_json(context, json):
        print_json({"chosen": str(source), "reason": reason, **report_json(report)})
        return
    show_report(console(), report, all_=all_)


def _as_json(compared: Comparison) -> dict[str, Any]:
    flows = [str(flow) for flow in compared.flows]
    return {
        "flows": flows,
        "coverage": [asdict(one) for one in compared.coverage],
        "years": [asdict(one) for one in compared.years],
        "cells": [_cell(row, flows, compared.dimensions) for row in compared.cells.to_pylist()],
        "found": compared.found,
    }


def _cell(row: dict[str, Any], flows: list[str], dimensions: tuple[str, ...]) -> dict[str, Any]:
    later = list(enumerate(flows))[1:]
    return {
        "key": {name: row[name] for name in dimensions},
        "values": {flow: row[f"value_{n}"] for n, flow in enumerate(flows)},
        "differences": {flow: row[f"difference_{n}"] for n, flow in later},
        "relative": {flow: row[f"relative_{n}"] for n, flow in later},
    }


def _show(compared: Comparison) -> None:
    names = {str(flow): f"{flow.agency}:{flow.id}" for flow in compared.flows}
    print_rows(
        [
            {
                "flow": names[one.flow],
                "observations": one.observations,
                "with_value": one.values,
                "series": one.series,
                "first": one.first,
                "last": one.last,
                "of_all_cells": f"{one.share:.1%}",
            }
            for one in compared.coverage
        ],
        title="what each source covers",
        empty="nothing",
    )
    print_rows(
        [
            {
                **asdict(one),
                "flow": names[one.flow],
                "median": _percent(one.median),
                "largest": _percent(one.largest),
            }
            for one in compared.years
        ],
        title=f"by year, against {names[str(compared.flows[0])]}",
        empty="the sources have no cell",
    )
    rows = [_line(row, compared) for row in compared.cells.to_pylist()]
    title = f"{len(rows):,} of {compared.found:,} cells, the largest relative differences first"
    print_rows(rows, title=title, empty=f"{compared.found:,} cells; --cells shows them")


def _line(row: dict[str, Any], compared: Comparison) -> dict[str, object]:
    line: dict[str, object] = {"key": ".".join(str(row[name]) for name in compared.dimensions)}
    for number, flow in enumerate(compared.flows):
        line[flow.id] = _number(row[f"value_{number}"])
        if number:
            line[f"difference {number}"] = _number(row[f"difference_{number}"])
            line[f"relative {number}"] = _percent(row[f"relative_{number}"])
    return line


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.10g}"


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:+.1%}" if value < 0 else f"{value:.1%}"
