"""What every reader gives: data sets, each with the artefact it is about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class DataSet:
    """A data set: `about` is `class AGENCY:ID(VERSION)`, the class in lower case.

    `series` are series without an observation; `action` is as the message spells it.
    """

    about: str
    action: str | None = None
    rows: list[dict[str, Any]] = field(default_factory=list)
    at: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None


def about_urn(urn: str) -> str:
    """The class and name in a URN."""
    cls, _, name = urn.rpartition(".infomodel.")[2].partition(".")[2].partition("=")
    return f"{cls.lower()} {name}"
