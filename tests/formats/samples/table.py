"""The tables of docs/reading.md about sample messages, and the files they speak of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "reading.md"
MESSAGES = Path(__file__).parents[4] / "shared" / "data" / "messages"
_ROW = re.compile(r"^\| `([^`]+)` \|(.*)\|$", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """A row: the message, the cells between, and the outcome."""

    name: str
    cells: tuple[str, ...]
    outcome: str

    @property
    def path(self) -> Path:
        """The file; folders of the samples are written `__` in its name."""
        return files()[self.name]

    @property
    def before(self) -> list[Path]:
        """The samples that are named in the second column."""
        return [_named(name) for name in re.findall(r"`([^`]+)`", self.cells[0])]

    @property
    def count(self) -> int:
        """What the third column says."""
        return int(self.cells[1])

    @property
    def is_refused(self) -> bool:
        return self.outcome.startswith("refused")

    @property
    def quoted(self) -> str:
        """The words of the node that the outcome quotes."""
        found = re.search(r"`([^`]+)`", self.outcome)
        return found.group(1) if found else ""


def rows(heading: str) -> list[Row]:
    """The rows of the table below a heading."""
    text = PAGE.read_text("utf-8")
    section = text.partition(f"### {heading}\n")[2].partition("\n#")[0]
    assert section, f"docs/reading.md has no heading {heading}"
    found = []
    for name, rest in _ROW.findall(section):
        *cells, outcome = (cell.strip() for cell in rest.split(" |"))
        found.append(Row(name, tuple(cells), outcome))
    return found


@cache
def files() -> dict[str, Path]:
    """Every message that is here, by the name the tables give it."""
    kept = [path for path in MESSAGES.rglob("*") if path.suffix in (".xml", ".json", ".csv")]
    official = MESSAGES / "official"
    return {
        str(path.relative_to(official) if official in path.parents else path.name).replace(
            "__", "/"
        ): path
        for path in kept
    }


def _named(end: str) -> Path:
    (found,) = [path for name, path in files().items() if name.endswith(f"/{end}")]
    return found
