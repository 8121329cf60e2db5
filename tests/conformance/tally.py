"""The table at the end of a run: the clauses of the standard, their cases, passed and failed.

A test says its clause, and how many cases it stands for where that is not one, in its properties
(`clause`, `cases`, `failed`), which reach this place from every worker; so does the `seed` of
generated requests.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.conformance.clauses import CLAUSES
from tests.conformance.generated.seeds import SEED


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker of tests that are not cases of a table.

    The seed has been drawn by now, before there are workers: they inherit it.
    """
    config.addinivalue_line("markers", "clause(id): the clause of SDMX REST that a test is about")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table, if any case ran."""
    cases, failed = Counter[str](), Counter[str]()
    seeds: set[str] = set()
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, ()):
            held = dict(getattr(report, "user_properties", ()))
            seeds |= {held["seed"]} if "seed" in held else set()
            if "clause" in held:
                count = int(held.get("cases", 1))
                cases[held["clause"]] += count
                failed[held["clause"]] += 0 if outcome == "passed" else held.get("failed", count)
    if not cases:
        return
    terminalreporter.section("SDMX REST by clause")
    line = "{:<16} {:<42} {:>7} {:>7} {:>7}"
    terminalreporter.write_line(line.format("clause", "", "cases", "passed", "failed"))
    for clause in [*CLAUSES, *sorted(cases.keys() - CLAUSES.keys())]:
        if clause in cases:
            counts = cases[clause], cases[clause] - failed[clause], failed[clause]
            terminalreporter.write_line(line.format(clause, CLAUSES.get(clause, ""), *counts))
    totals = cases.total(), cases.total() - failed.total(), failed.total()
    terminalreporter.write_line(line.format("all", "", *totals))
    for seed in sorted({*seeds, SEED} if seeds else ()):
        terminalreporter.write_line(f"generated requests: GENERATED_SEED={seed} draws them again")
