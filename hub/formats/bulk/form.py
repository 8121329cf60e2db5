"""The forms in which columns are written as they are, without a message around them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Container(StrEnum):
    """What holds the columns."""

    PARQUET = "parquet"
    ARROW = "arrow"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkForm:
    """A bulk form; `is_packed` where its bytes are compressed already."""

    container: Container
    media_type: str
    is_packed: bool


#: Every bulk form; the media types are those registered with IANA.
FORMS: tuple[BulkForm, ...] = (
    BulkForm(
        container=Container.PARQUET,
        media_type="application/vnd.apache.parquet",
        is_packed=True,
    ),
    BulkForm(
        container=Container.ARROW,
        media_type="application/vnd.apache.arrow.stream",
        is_packed=False,
    ),
)
