"""The header of SDMX-ML messages that carry no data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

from hub.formats.message import Header
from hub.formats.structure.ml.scribe import Scribe


def write_header(
    header: Header,
    scribe: Scribe,
    receiver: str = "",
    *,
    more: Callable[[Scribe], None] | None = None,
) -> None:
    """Write the header; `receiver` is the id of whom the message is for, "" leaves it out.

    `more` writes what follows in the header.
    """
    scribe.open("mes:Header")
    scribe.leaf("mes:ID", header.id)
    scribe.leaf("mes:Test", "true" if header.is_test else "false")
    prepared = header.prepared.astimezone(UTC).replace(tzinfo=None)
    scribe.leaf("mes:Prepared", prepared.isoformat(timespec="seconds") + "Z")
    if header.sender_name:
        scribe.open("mes:Sender", [("id", header.sender)])
        language = header.languages[0] if header.languages else "en"
        scribe.leaf("com:Name", header.sender_name, (("xml:lang", language),))
        scribe.close("mes:Sender")
    else:
        scribe.leaf("mes:Sender", attributes=(("id", header.sender),))
    if receiver:
        scribe.leaf("mes:Receiver", attributes=(("id", receiver),))
    if more is not None:
        more(scribe)
    scribe.close("mes:Header")
