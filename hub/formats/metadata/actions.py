"""What a message asks to be done with a metadata set."""

from __future__ import annotations

from hub.formats.message import Action
from hub.formats.structure.fault import Fault

_LETTERS = {action.value[0]: action for action in Action}


def action_of(text: str | None) -> Action | None:
    """An action by its name or, as SDMX-CSV has it, its letter; raises Fault for others."""
    if not text:
        return None
    found = _LETTERS.get(text) or next((a for a in Action if a.value == text), None)
    if found is None:
        known = ", ".join(action.value for action in Action)
        raise Fault(f"the action '{text[:40]}' is not one of {known}")
    return found
