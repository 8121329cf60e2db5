"""Turn the lines of a run into the table of the report: `python -m benchmarks.report RUN.jsonl`.

`--write docs/performance.md` puts it between the marks there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.bars import BARS

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
Line = Mapping[str, Any]


def table(lines: Iterable[Line]) -> str:
    """The machine and the figures of a run in Markdown; a figure measured twice counts as last."""
    machines = [line for line in lines if "machine" in line]
    figures = {line["figure"]: line for line in lines if "figure" in line}
    heading = ["| figure | what | measured | bar | holds |", "|---|---|---|---|---|"]
    rows = [
        f"| {bar.figure} | {bar.about} | {_measured(figures.get(bar.figure))} | {bar.text} "
        f"| {_holds(figures.get(bar.figure))} |"
        for bar in BARS
    ]
    return "\n".join([*(_machine(line) for line in machines[-1:]), "", *heading, *rows])


def _measured(line: Line | None) -> str:
    if line is None or "ratio" not in line:
        return "not measured"
    detail = line["detail"]
    ratios: Line = next((detail[name] for name in _PARTS if name in detail), {})
    parts = ", ".join(f"{name} {value:g}" for name, value in ratios.items())
    return f"**{line['ratio']:g}**" + (f" ({parts})" if parts else "")


#: Where the detail of a figure lists the ratios of which the worst was taken.
_PARTS = ("ratios", "% of static", "% of constant", "grown, MB")


def _holds(line: Line | None) -> str:
    return "" if line is None else "yes" if line["holds"] else "no"


def _machine(line: Line) -> str:
    machine = line["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    sizes = ", ".join(f"{size:,}" for size in line["sizes"])
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory, GB']} GB; "
        f"{machine['system']}; Python {machine['python']}; {versions}. "
        f"Load when the run began: {machine['load']:.2f}. Sizes: {sizes} observations."
    )


def write_into(document: Path, text: str) -> None:
    """Replace what stands between the marks of a document."""
    before, _, rest = document.read_text("utf-8").partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        sys.exit(f"{document} has no marks {BEGIN} and {END} to put the table between")
    document.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table of a run, or write it into a document."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description=__doc__)
    parser.add_argument("run", type=Path, help="what `python -m benchmarks` printed")
    parser.add_argument("--write", type=Path, metavar="DOCUMENT")
    given = parser.parse_args(arguments)
    lines = [json.loads(line) for line in given.run.read_text("utf-8").splitlines() if line]
    text = table(lines)
    if given.write is None:
        sys.stdout.write(f"{text}\n")
    else:
        write_into(given.write, text)


if __name__ == "__main__":
    main()
