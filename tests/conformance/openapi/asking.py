"""The requests that the examples of an OpenAPI document make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Example:
    """A request that a document shows; `about` is its parameter beside those of the path."""

    method: str
    path: str
    target: str
    about: str
    header: tuple[str, str] | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.about}".strip()


def resolved(document: Document, told: Any) -> Any:
    """What a reference in a document stands for."""
    while "$ref" in told:
        found: Any = document
        for part in told["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        told = found
    return told


def operations(document: Document) -> Iterator[tuple[str, str, Any]]:
    """Path, method and operation, in the order of the document."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def parameters(document: Document, operation: Any, place: str) -> list[Any]:
    """The parameters of an operation at a place: path, query or header."""
    found = (resolved(document, told) for told in operation.get("parameters", ()))
    return [parameter for parameter in found if parameter["in"] == place]


def target_of(document: Document, path: str, operation: Any) -> str:
    """The path with the examples of its parameters."""
    for parameter in parameters(document, operation, "path"):
        value = quote(str(parameter["example"]), safe=",.*+~$@-_")
        path = path.replace(f"{{{parameter['name']}}}", value)
    return path


def is_longest(document: Document, path: str) -> bool:
    """True where no other path goes on from it: it has all parameters of the shorter ones."""
    return not any(other.startswith(f"{path}/{{") for other in document["paths"])


def reading(document: Document, *, all_paths: bool) -> Iterator[Example]:
    """Every GET with the examples of its path, alone and with each of its other parameters.

    Unless `all_paths`, the others come with the longest path of each resource alone.
    """
    for path, method, operation in operations(document):
        if method != "GET":
            continue
        target = target_of(document, path, operation)
        yield Example(method, path, target, "")
        if not all_paths and not is_longest(document, path):
            continue
        for parameter in parameters(document, operation, "query"):
            if "example" in parameter:
                query = _query(parameter)
                yield Example(method, path, f"{target}?{query}", parameter["name"])
        for parameter in parameters(document, operation, "header"):
            header = (parameter["name"], parameter["example"])
            yield Example(method, path, target, parameter["name"], header)


def _query(parameter: Mapping[str, Any]) -> str:
    name, value = parameter["name"], parameter["example"]
    if isinstance(value, dict):  # deepObject
        return "&".join(f"{name}[{key}]={quote(inner, safe=',+:')}" for key, inner in value.items())
    if isinstance(value, list):  # form, not exploded
        return f"{name}={','.join(map(quote_plus, value))}"
    if isinstance(value, bool):
        return f"{name}={str(value).lower()}"
    return f"{name}={quote_plus(str(value))}"
