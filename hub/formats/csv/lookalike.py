"""Names that look like the id of a component and are written with other letters.

A column whose name is no id is passed over (the format allows columns of one's own), so that
OBS_VALUE with a Cyrillic O would lose every figure without a word.
"""

from __future__ import annotations

import re
import unicodedata

#: Cyrillic and Greek capitals that are drawn as Latin ones.
_DRAWN_ALIKE = str.maketrans(
    "АВСЕНІЈКМОРЅТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",  # noqa: RUF001
    "ABCEHIJKMOPSTYXABEZHIKMNOPTYX",
)
_ID = re.compile(r"[A-Z][A-Z0-9_]*")


def looks_like(name: str) -> str | None:
    """The id in Latin capitals that a name is drawn like; None where there is none.

    Letters of other scripts, wide letters, dashes and invisible characters count as what they are
    drawn as.
    """
    if name.isascii():
        return None
    plain = unicodedata.normalize("NFKC", name).translate(_DRAWN_ALIKE)
    seen = "".join(one for one in plain if unicodedata.category(one) not in ("Cf", "Mn")).strip()
    return seen if _ID.fullmatch(seen) else None


def first_strange(name: str) -> str:
    """The first character that is not of ASCII, by code point and name: `U+041E (…)`."""
    strange = next(one for one in name if not one.isascii())
    return f"U+{ord(strange):04X} ({unicodedata.name(strange, 'without a name')})"
