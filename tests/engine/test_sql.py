"""Quoting: whatever a name or value is, the engine reads it back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.engine import identifier, identifiers, literal, literals, session

WORDS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=8)
ATTACKS = [
    "'",
    '"',
    "'; DROP TABLE t; --",
    '"; DROP TABLE t; --',
    "\\'",
    "''",
    '""',
    "a\nb",
    "$1",
    "?",
]


@settings(deadline=None, max_examples=30)
@given(st.lists(WORDS | st.sampled_from(ATTACKS), min_size=1, max_size=6, unique_by=str.casefold))
def test_values_and_names_come_back_as_they_are(words: list[str]) -> None:
    with session(threads=1) as connection:
        (found,) = connection.execute(f"SELECT [{literals(words)}]").fetchall()
        assert found == (words,)
        names = [word for word in words if word]
        if names:
            columns = ", ".join(f"{literal(name)} AS {identifier(name)}" for name in names)
            connection.execute(f"CREATE TABLE t AS SELECT {columns}")
            query = f"SELECT {identifiers(reversed(names))} FROM t"  # noqa: S608
            row = connection.execute(query).fetchall()
            assert row == [tuple(reversed(names))]


def test_nul_is_refused() -> None:
    with pytest.raises(ValueError, match="NUL"):
        identifier("a\x00b")
    with pytest.raises(ValueError, match="NUL"):
        literal("a\x00b")
