"""Loads the metadata sets of a message into a node: all of them, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hub.errors import Finding, Invalid, Severity
from hub.formats.limits import limits_of
from hub.formats.metadata import Reading
from hub.model import Reference, Structures
from hub.publish.metadata.check import Checked, check
from hub.store import Store
from hub.store.maintenance import Outcome
from hub.store.metadata_sets import Change, change_metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What became of each set, in the order of the message, and what was noticed."""

    outcomes: tuple[tuple[Reference, Outcome], ...]
    findings: tuple[Finding, ...]


def load(store: Store, reading: Reading, *, dry_run: bool = False) -> Loaded:
    """Check the sets of a message and store them in one transaction, or in a dry run do not.

    A set is created, or put in the place of one that is there, as `change_metadata` has it. Raises
    Invalid with every finding where one is an error, Conflict for a version that cannot change and
    NotFound for one to be deleted that is not there; then nothing is stored.
    """
    checked: list[Checked] = []

    def admit(structures: Structures) -> Sequence[Change]:
        found = check(reading, structures, limits_of(store.settings))
        checked.append(found)
        if found.has_errors:
            errors = [each for each in found.findings if each.severity is Severity.ERROR]
            raise Invalid(
                f"{reading.source or 'the message'}: {len(errors)} thing"
                f"{'s' * (len(errors) != 1)} to mend in its metadata sets; nothing was loaded",
                found.findings,
            )
        return [Change(action, one) for action, one in found.sets]

    outcomes = change_metadata(store, admit, dry_run=dry_run)
    return Loaded(outcomes=outcomes, findings=checked[0].findings)
