"""A kind of national source, as its file beside this one says it."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

import msgspec

from hub.errors import NotFound
from hub.publish.suggest import nearest


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A kind of source.

    `structures` are the data structures its figures go into. A mapping takes `defaults` for what
    it does not say itself. `allowed` are the values a component may have, and `why` says why.
    `needs` are, by structure (`*`: any), components that must have a value in every row. `units`
    says for a component, by its values, in which units they are counted. `is_survey` asks for the
    number of interviews, `is_new` (new data) for a privacy checklist. `mapping` is the text
    of a mapping file to start from.
    """

    id: str = ""
    name: str
    group: str
    about: str
    structures: list[str]
    defaults: dict[str, str] = {}
    allowed: dict[str, list[str]] = {}
    why: dict[str, str] = {}
    needs: dict[str, list[str]] = {}
    units: dict[str, dict[str, list[str]]] = {}
    is_survey: bool = False
    is_new: bool = False
    mapping: str


@lru_cache(maxsize=1)
def templates() -> dict[str, Template]:
    """Every kind of source, by id, those of a group together."""
    folder = files("connectors.templates")
    found = [
        msgspec.convert(
            {"id": file.name.removesuffix(".toml"), **tomllib.loads(file.read_text("utf-8"))},
            Template,
        )
        for file in folder.iterdir()
        if file.name.endswith(".toml") and file.name != "checklist.toml"
    ]
    order = ("census", "survey", "administrative", "register", "new data")
    found.sort(key=lambda one: (order.index(one.group), one.id))
    return {one.id: one for one in found}


def template(id_: str) -> Template:
    """A kind of source by its id; raises NotFound for one there is none of."""
    found = templates().get(id_)
    if found is None:
        near = nearest(id_, list(templates()))
        hint = f"did you mean {near}? " if near else ""
        raise NotFound(
            f"there is no template {id_}; {hint}'corridor sources list' shows those there are"
        )
    return found
