"""What the entries of all files of this package share."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

Version = Annotated[str, Meta(pattern=r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$")]
#: Names by language.
Names = dict[str, str]


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry of a file: a key that it does not know is an error."""
