"""Measure, and print one JSON line a figure: `python -m benchmarks`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.bars import BARS, BY_NAME
from benchmarks.figures import GROUPS, Measure
from benchmarks.machine import describe
from benchmarks.partners import PARTNERS
from benchmarks.workshop import Workshop


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the groups wanted; the first line says on what machine.

    Exits with 1 where a figure could not be measured; a figure that misses its bar is no failure
    of the run.
    """
    given = _parser().parse_args(arguments)
    with ExitStack() as stack:
        folder = given.folder
        if folder is None:
            made = stack.enter_context(tempfile.TemporaryDirectory(prefix="corridor-bench-"))
            folder = Path(made)
        workshop = _workshop(given, folder.absolute())
        _print({"machine": describe(), "sizes": [workshop.small, workshop.middle, workshop.large]})
        failed = [_run(workshop, names, measure) for names, measure in _wanted(given.only)]
    sys.exit(any(failed))


def _run(workshop: Workshop, names: set[str], measure: Measure) -> bool:
    """Measure one group and print its figures; True where it broke off."""
    left = dict.fromkeys(bar.figure for bar in BARS if bar.figure in names)
    try:
        for figure in measure(workshop):
            if figure.bar.figure in left:
                left.pop(figure.bar.figure)
                print(figure.line(), flush=True)
    except Exception as error:  # the other groups go on; the exit code tells
        traceback.print_exc()
        for name in left:
            _print({"figure": name, "holds": False, "error": f"{type(error).__name__}: {error}"})
        return True
    return False


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--sizes",
        type=lambda text: [10 ** int(each) for each in text.split(",")],
        help="exponents of ten: small, middle, large (default 5,6,7)",
    )
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help=f"a figure or a group: {', '.join(GROUPS)}; may be repeated",
    )
    parser.add_argument("--runs", type=int, help="runs of which the median counts (default 5)")
    parser.add_argument(
        "--long-runs", type=int, default=1, help="the same for work on the largest size (default 1)"
    )
    parser.add_argument(
        "--folder", type=Path, help="keep data and homes here and use them again next time"
    )
    parser.add_argument("--quick", action="store_true", help="small and once: do all figures work?")
    return parser


def _workshop(given: argparse.Namespace, folder: Path) -> Workshop:
    quick = given.quick
    small, middle, large = given.sizes or (
        [10**3, 10**4, 10**4] if quick else [10**5, 10**6, 10**7]
    )
    return Workshop(
        folder=folder,
        small=small,
        middle=middle,
        large=large,
        runs=given.runs or (1 if quick else 5),
        long_runs=given.long_runs,
        samples=4 if quick else 100,
        seconds=0.05 if quick else 1.5,
        partners=5 if quick else PARTNERS,
    )


def _wanted(only: Sequence[str]) -> Iterator[tuple[set[str], Measure]]:
    """The groups to run, each with the figures to print of it."""
    unknown = [name for name in only if name not in GROUPS and name not in BY_NAME]
    if unknown:
        known = ", ".join([*GROUPS, *BY_NAME])
        sys.exit(f"{', '.join(unknown)}: no such figure or group; there are {known}")
    for group, (names, measure) in GROUPS.items():
        wanted = {name for name in names if not only or group in only or name in only}
        if wanted:
            yield wanted, measure


def _print(value: object) -> None:
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    main()
