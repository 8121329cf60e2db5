"""Check the shared structures, and tell all that is wrong: `python -m dsd.check`.

Exit status 0 when nothing is wrong, 1 otherwise. An argument names another folder with the same
files.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

from dsd.loading import load_structures
from hub.errors import CorridorError, Finding, Invalid
from hub.model import Dataflow, StructureMap, Structures, resolve


def check(folder: Traversable | None = None) -> tuple[Finding, ...]:
    """Return all findings about the files of a folder, by default of this package."""
    try:
        structures = load_structures(folder)
    except Invalid as error:
        return error.findings
    return (*check_references(structures), *_unresolved(structures))


def check_references(structures: Structures) -> Iterator[Finding]:
    """Yield a finding for each reference to an artefact that is not in the collection.

    What a structure map maps from is kept by another agency, and not here.
    """
    for artefact in structures:
        elsewhere = artefact.source if isinstance(artefact, StructureMap) else None
        for reference in artefact.references():
            if reference not in structures and reference != elsewhere:
                yield Finding(
                    rule="reference",
                    message=f"{artefact.reference} refers to it, and it is not here",
                    column=artefact.id,
                    value=str(reference),
                )


def _unresolved(structures: Structures) -> Iterator[Finding]:
    for flow in structures.of_type(Dataflow):
        try:
            resolve(flow.reference, structures)
        except CorridorError as error:
            yield Finding(rule="resolve", message=error.message, column=flow.id)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every finding, one to a line; return 1 if there are any."""
    given = sys.argv[1:] if arguments is None else arguments
    findings = check(Path(given[0]) if given else None)
    for finding in findings:
        print(finding)
    print(f"{len(findings)} findings" if findings else "the shared structures are sound")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
