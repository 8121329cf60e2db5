"""`demo`: the whole exchange on one machine."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console

from federation.derivation import Derivation
from hub.commands.context import console
from hub.demo import Exchange
from hub.demo.tables import agreements, disagreements, emigrants
from hub.errors import PartnerUnavailable

_STOCK_YEAR, _FLOW_YEAR = "2020", "2008"


def demo(
    port: Annotated[
        int, typer.Option(help="The observatory's port; the nodes take the eight after it.")
    ] = 8080,
    once: Annotated[bool, typer.Option("--once", help="End after printing.")] = False,
    folder: Annotated[
        Path | None,
        typer.Option(help="Keep the nodes' homes here; by default they go with the end."),
    ] = None,
) -> None:
    """Run eight national nodes and an observatory on UN DESA's figures."""
    screen = console()
    screen.print(
        "[bold]Eight national nodes and an observatory.[/] The nodes are illustrative: the figures "
        "are UN DESA's\n(International Migrant Stock 2024; International Migration Flows, 2015 "
        "revision; CC BY 3.0 IGO),\nthe statistical offices have no part in this.\n"
    )
    with _folder(folder) as homes:
        exchange = Exchange(homes, port, tell=lambda text: screen.print(f"[dim]{text}[/]"))
        with exchange.running():
            _exchange(exchange, screen)
            if not once:
                screen.print("\nServing; stop with Ctrl-C.")
                _wait()


def _exchange(exchange: Exchange, screen: Console) -> None:
    exchange.add_partners()
    report = exchange.harvest()
    if report.failures:
        notes = "; ".join(f"{failed.partner}: {failed.note}" for failed in report.failures)
        raise PartnerUnavailable(f"the harvest did not succeed: {notes}")
    derived = exchange.derive()
    _show(derived, exchange, screen)


def _show(derived: Derivation, exchange: Exchange, screen: Console) -> None:
    screen.print()
    for table in (
        emigrants(derived, _STOCK_YEAR),
        disagreements(derived, _FLOW_YEAR),
        agreements(derived),
    ):
        screen.print(table, soft_wrap=False)
        screen.print()
    base = exchange.addresses["OBSERVATORY"]
    key = "A.POL._T.STK_BIRTH.VAL.RCV.RPT._T._T.PS"
    screen.print("[bold]Where to look next[/]")
    data = f"{base}/sdmx/v2/data/dataflow/MIGX"
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
        yield given
        return
    with TemporaryDirectory(prefix="corridor-demo-") as made:
        yield Path(made)


def _wait() -> None:
    """Wait until the process is told to stop."""
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    while not stop.wait(0.5):
        pass
