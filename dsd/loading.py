"""The shared structures as one collection of artefacts."""

from __future__ import annotations

from functools import cache
from importlib.resources.abc import Traversable

from codelists import load_all, reporting_areas
from dsd.building import build
from dsd.reading import read_package
from dsd.rules import check_package
from hub.errors import Invalid
from hub.model import Structures


@cache
def shared_structures() -> Structures:
    """Return all shared artefacts: code lists, concepts, structures, dataflows, constraints.

    The same immutable collection every time. Raises Invalid, with every finding, when a file of
    the package breaks a rule.
    """
    return load_structures()


def load_structures(folder: Traversable | None = None) -> Structures:
    """Load the structures of a folder with the files of this package, by default the package's.

    Raises Invalid, with every finding, when a file cannot be read or breaks a rule.
    """
    package = read_package(folder)
    codelists = {codelist.id: codelist for codelist in load_all()}
    findings = check_package(package, codelists)
    if findings:
        raise Invalid(
            f"the shared structures break {len(findings)} rules; first: {findings[0]}", findings
        )
    return Structures([*codelists.values(), *build(package, codelists, reporting_areas())])
