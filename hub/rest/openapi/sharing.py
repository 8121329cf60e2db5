"""Parameters and responses that occur more than once are written once, among the components."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from hub.rest.declared import JSON


class Shared:
    """Objects of one kind that several operations have, under names of their own.

    A name is what the object is called in an operation; further objects of that name get a number.
    """

    def __init__(self, kind: str, named: Iterator[tuple[str, JSON]]) -> None:
        self._kind = kind
        self._names: dict[str, str] = {}
        self.objects: dict[str, JSON] = {}
        found = [(name, told, _text(told)) for name, told in named if "$ref" not in told]
        counted = Counter(text for _, _, text in found)
        for name, told, text in found:
            if counted[text] > 1 and text not in self._names:
                self._names[text] = free = _free(name, self.objects)
                self.objects[free] = told

    def refer(self, told: JSON) -> JSON:
        """The object, or a reference to it where it is shared."""
        name = self._names.get(_text(told))
        return told if name is None else {"$ref": f"#/components/{self._kind}/{name}"}


def shared(paths: dict[str, dict[str, JSON]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The paths with references in place of what occurs more than once, and that by its kind."""
    operations = [told for methods in paths.values() for told in methods.values()]
    parameters = Shared(
        "parameters",
        ((p.get("name", ""), p) for told in operations for p in told.get("parameters", ())),
    )
    responses = Shared(
        "responses", (pair for told in operations for pair in told["responses"].items())
    )

    def lean(told: JSON) -> JSON:
        answers = {status: responses.refer(one) for status, one in told["responses"].items()}
        given = [parameters.refer(one) for one in told.get("parameters", ())]
        return {**told, **({"parameters": given} if given else {}), "responses": answers}

    referring = {
        path: {method: lean(told) for method, told in methods.items()}
        for path, methods in paths.items()
    }
    return referring, {"parameters": parameters.objects, "responses": responses.objects}


def _free(name: str, taken: dict[str, JSON]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}.{number}"
    return free


def _text(told: JSON) -> str:
    return json.dumps(told, sort_keys=True)
