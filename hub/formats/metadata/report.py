"""What metadata messages are written from, and what they are read into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hub.errors import Finding
from hub.formats.message import Action
from hub.model import MetadataSet
from hub.model.metadata_schema import MetadataSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A metadata set as a message gave it, and what the message asks to be done with it.

    `is_labelled` where codes may be followed by their names, as in `A: Annual` (SDMX-CSV).
    """

    metadata_set: MetadataSet
    action: Action | None = None
    is_labelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a message held; `notes` tell what was left out of it."""

    source: str
    received: tuple[Received, ...]
    notes: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A metadata set to be written, with the schema it is reported under."""

    metadata_set: MetadataSet
    schema: MetadataSchema


#: Opens the sets of a message anew: a format may go through them twice, none keeps them all.
Sets = Callable[[], Iterator[Shown]]
