"""schemathesis asks a served node what its document says, and much that it does not.

All of its checks are on (`schemathesis.toml`): the status, type, headers and body of every answer
are those the document tells, what a schema allows is taken and what it does not is refused, methods
that are not told are refused with `Allow`, no change is made without a key, and nothing fails in
the node. `make test` asks the longest path of each resource; with SCHEMATHESIS=100, as many
examples are drawn for each of all operations.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.openapi import asking
from tests.conformance.openapi.conftest import Described

pytestmark = pytest.mark.clause("OpenAPI")

ROOT = Path(__file__).resolve().parents[3]
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
SEED = "20261128"
EXAMPLES = os.environ.get("SCHEMATHESIS", "")
_CHANGES = ("POST", "PUT", "DELETE")
_PASSED = re.compile(r"(\d+) generated, (\d+) passed")


def test_what_is_read_is_as_the_document_says(described: Described, address: str) -> None:
    """Without a key, so that whatever needs one is refused."""
    phases = "examples,coverage,fuzzing,stateful" if EXAMPLES else "examples,coverage"
    names = [] if EXAMPLES else list(_longest(described))
    arguments = [word for name in names for word in ("--include-name", name)]
    assert _run(address, "--phases", phases, *arguments) > 1_000


def test_what_is_changed_is_as_the_document_says(described: Described, address: str) -> None:
    """With a key, also taken away and spoilt again."""
    methods = [word for method in _CHANGES for word in ("--include-method", method)]
    key = ("--header", f"Authorization: Bearer {described.token}")
    assert _run(address, *methods, *key) > 100


def _longest(described: Described) -> Iterator[str]:
    """The operations of the longest path of each resource."""
    for path, method, _ in asking.operations(described.document):
        if asking.is_longest(described.document, path):
            yield f"{method} {path}"


def _run(address: str, *arguments: str) -> int:
    """Run schemathesis; how many requests it made, all of which passed."""
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION)]
    asked = ["run", f"{address}/openapi.json", "--seed", SEED, "--no-color", *arguments]
    asked += ["--continue-on-failure", "--max-examples", EXAMPLES or "5"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [*command, *asked],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    passed = _PASSED.search(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert passed is not None, done.stdout
    assert passed[1] == passed[2], done.stdout
    print(f"schemathesis, seed {SEED}: {passed[0]}")
    return int(passed[2])
