"""Writes metadata messages of any form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from hub.formats.message import Header
from hub.formats.metadata.csv_write import write_csv
from hub.formats.metadata.form import MetadataFamily, MetadataForm
from hub.formats.metadata.json_message import write_json
from hub.formats.metadata.ml_21 import write_21
from hub.formats.metadata.ml_message import write_ml
from hub.formats.metadata.report import Sets
from hub.formats.structure.languages import Languages
from hub.model import InternationalString

_BLOCK = 1 << 16


def _nameless(_urn: str) -> InternationalString:
    return InternationalString()


def write(
    header: Header,
    sets: Sets,
    form: MetadataForm,
    languages: Sequence[str] | None = None,
    *,
    as_stubs: bool = False,
    name_of: Callable[[str], InternationalString] = _nameless,
) -> Iterator[bytes]:
    """Write metadata sets as a message, in UTF-8, in pieces.

    `languages` None writes names in all their languages; otherwise each comes in the best match.
    What is reported comes in all languages it has, whatever is asked for (SDMX-CSV field guide,
    "Localisation"). `sets` is opened more than once and must give the same each time. Stubs say
    which sets there are. `name_of` gives the name of the object a URN means, for labels.

    Raises NotAcceptable, before the first piece is taken, for what the form cannot express.
    """
    chosen = Languages(languages)
    if form.family is MetadataFamily.CSV:
        return _blocks(write_csv(header, sets, form, chosen, as_stubs=as_stubs, name_of=name_of))
    writers = {MetadataFamily.ML: write_ml, MetadataFamily.JSON: write_json}
    writer = writers.get(form.family, write_21)
    return _blocks(writer(header, sets, form, chosen, as_stubs=as_stubs))


def _blocks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Put pieces together, so that sending many small sets takes few steps."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _BLOCK:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)
