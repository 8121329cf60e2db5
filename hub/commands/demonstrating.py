"""`demo`: the whole exchange on one machine."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from rich.console import Console

from federation.derivation import Derivation
from hub.commands.context import Json, wants_json
from hub.commands.showing import console, error_console, print_json
from hub.demo import COUNTRIES, OBSERVATORY, Exchange, findings
from hub.demo.tables import agreements_table, disagreements_table, emigrants_table
from hub.errors import Conflict, PartnerUnavailable

_INTRODUCTION = """\
Eight national nodes and an observatory. The nodes are illustrative: the figures are UN DESA's
(International Migrant Stock 2024; International Migration Flows, 2015 revision; CC BY 3.0 IGO),
the statistical offices have no part in this.
"""
_LAST_PORT = 65_535


def demo(
    context: typer.Context,
    port: Annotated[
        int,
        typer.Option(
            help="The observatory's port; the nodes take the eight after it. 0 takes free ones.",
            min=0,
            max=_LAST_PORT - len(COUNTRIES),
        ),
    ] = 8080,
    once: Annotated[bool, typer.Option("--once", help="End after printing.")] = False,
    folder: Annotated[
        Path | None,
        typer.Option(help="Keep the nodes' homes here; by default they go with the end."),
    ] = None,
    json: Json = False,
) -> None:
    """Run eight nodes and an observatory on published figures."""
    as_json = wants_json(context, json)
    screen, progress = console(), error_console()
    if not as_json:
        screen.print(_INTRODUCTION)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up as for Ctrl-C
    with _folder(folder) as homes:
        exchange = Exchange(homes, port, tell=lambda text: progress.print(text, style="dim"))
        with exchange.running():
            derived = _exchange(exchange)
            if as_json:
                print_json(_found(derived, exchange))
            else:
                _show(derived, exchange, screen)
            if not once:
                progress.print("\nServing; stop with Ctrl-C.")
                _wait()


def _exchange(exchange: Exchange) -> Derivation:
    exchange.add_partners()
    report = exchange.harvest()
    if report.failures:
        notes = "; ".join(f"{failed.partner}: {failed.note}" for failed in report.failures)
        raise PartnerUnavailable(f"the harvest did not succeed: {notes}")
    return exchange.derive()


def _found(derived: Derivation, exchange: Exchange) -> dict[str, Any]:
    return {
        "emigrants": findings.emigrants(derived),
        "disagreements": findings.disagreements(derived),
        "agreements": findings.agreements(derived),
        "addresses": exchange.addresses,
    }


def _show(derived: Derivation, exchange: Exchange, screen: Console) -> None:
    screen.print()
    for table in (
        emigrants_table(findings.emigrants(derived)),
        disagreements_table(findings.disagreements(derived)),
        agreements_table(findings.agreements(derived)),
    ):
        screen.print(table, soft_wrap=False)
        screen.print()
    base = exchange.addresses[OBSERVATORY]
    key = "A.POL._T.STK_BIRTH.VAL.RCV.RPT._T._T.PS"
    data = f"{base}/sdmx/v2/data/dataflow/MIGX"
    screen.print("Where to look next", style="bold")
    for what, address in (
        ("what the observatory publishes", f"{base}/sdmx/v2/structure/dataflow"),
        ("Poland's emigrants", f"{data}/DF_EMIGRANTS/1.0.0/{key}?format=csvdata"),
        ("Poland to Germany, both sides", f"{data}/DF_ASYMMETRY/1.0.0/A.POL.DEU?format=csvdata"),
        ("Sweden's own node", f"{exchange.addresses['SWE']}/.well-known/sdmx-node"),
    ):
        screen.print(f"  {what}\n    {address}")


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        if any((given / node).exists() for node in (OBSERVATORY, *COUNTRIES)):
            raise Conflict(f"{given} holds the nodes of an earlier demonstration: name another")
        yield given
        return
    with TemporaryDirectory(prefix="corridor-demo-") as made:
        yield Path(made)


def _wait() -> None:
    """Wait until the process is told to stop."""
    never = threading.Event()
    try:
        while not never.wait(1):  # a wait without end could not be interrupted everywhere
            pass
    except KeyboardInterrupt:
        return
