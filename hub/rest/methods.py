"""Which methods a path takes."""

from __future__ import annotations

_READ = ("GET", "HEAD")
#: What may be done with structures, by how many parameters name them: all or a type of them, one,
#: or an item of one (SDMX REST 2.2, "Maintenance").
_STRUCTURE = {0: ("POST",), 1: ("POST",), 4: ("PUT", "DELETE"), 5: ("DELETE",)}


def methods_of(path: str) -> tuple[str, ...]:
    """The methods of a raw path, OPTIONS last; what changes something is in API 2.x alone."""
    segments = path.strip("/").split("/")
    if segments == ["notify"]:
        return ("POST", "OPTIONS")
    changes: tuple[str, ...] = ()
    if segments[:3] == ["sdmx", "v2", "structure"]:
        changes = _STRUCTURE.get(len(segments) - 3, ())
    elif segments[:2] == ["sdmx", "v2"] and segments[2:] in (["registration"], ["subscription"]):
        changes = ("POST",)
    return (*_READ, *changes, "OPTIONS")
