"""Regular expressions of versions and of version queries, to be told to others.

They match what `parse_version_query` takes, without anchors, one version each.
"""

from __future__ import annotations

_N = r"[0-9]{1,9}"
_ZERO = r"0{1,9}"
#: At most nine digits, not all of them zero.
_POSITIVE = f"(?:{'|'.join(f'0{{{n}}}[1-9][0-9]{{0,{8 - n}}}' for n in range(9))})"

#: A version as it is written.
EXACT = rf"{_N}(?:\.{_N}){{0,2}}(?:-[A-Za-z0-9.-]{{1,100}})?"
#: The latest stable version, above a minimum where one is given; it has three parts.
LATEST_STABLE = (
    rf"(?:\+(?:\.{_ZERO}\.{_ZERO})?|{_POSITIVE}\+(?:\.{_N}\.{_N})?"
    rf"|{_POSITIVE}\.(?:\+\.{_ZERO}|{_N}\+\.{_N}|{_N}\.\+|{_N}\.{_N}\+))"
)


def _any(mark: str) -> str:
    """The forms of a wildcard that takes versions of any status, of any number of parts."""
    return (
        rf"(?:{mark}(?:\.{_ZERO}){{0,2}}|{_N}{mark}(?:\.{_N}){{0,2}}"
        rf"|{_N}\.(?:{mark}(?:\.{_ZERO})?|{_N}{mark}(?:\.{_N})?|{_N}\.{mark}|{_N}\.{_N}{mark}))"
    )


#: The latest version of any status.
LATEST = _any("~")
#: All versions.
ALL = _any(r"\*")
