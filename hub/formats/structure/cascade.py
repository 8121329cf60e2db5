"""How messages say that naming a code means those below it, and what else they say of values."""

from __future__ import annotations

from hub.model import Cascade, KeyValues, ValueDetail

#: The texts that say whether a value cascades; the first of each is written.
CASCADES = {
    "false": Cascade.NO,
    "0": Cascade.NO,
    "true": Cascade.YES,
    "1": Cascade.YES,
    "excluderoot": Cascade.EXCLUDE_ROOT,
}
#: What is written; that a value does not cascade goes without saying.
SPELT = {Cascade.YES: "true", Cascade.EXCLUDE_ROOT: "excluderoot"}


def details_of(keys: KeyValues) -> dict[str, ValueDetail]:
    """What more is said of values, by value."""
    return {detail.value: detail for detail in keys.details}
