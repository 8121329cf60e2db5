"""The profiles of foreign services: what each kind understands, a file each in `profiles/`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import msgspec

from hub.errors import NotFound

Text = Annotated[str, msgspec.Meta(min_length=1)]


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of service.

    `source` is its id in the catalogue of services of sdmx1, which knows the address; `api` the
    generation of the REST API; `agencies` those whose structure maps it is read through (none: any
    service, which is asked for its dataflows, in a form of `structure_accept`). `flow` spells a
    dataflow in a URL, `accept` and `query` say which format is wanted. `requests_per_hour` is how
    many requests it takes; `quirks` are told in the documentation.
    """

    id: str = ""
    name: Text
    source: str | None = None
    api: Literal[1, 2]
    agencies: tuple[str, ...] = ()
    flow: Text
    accept: Text
    structure_accept: str = ""
    query: dict[str, str] = {}
    requests_per_hour: Annotated[int, msgspec.Meta(ge=1)]
    quirks: tuple[str, ...] = ()


@cache
def profiles() -> dict[str, Profile]:
    """All profiles of foreign services by their id, which is the name of their file."""
    folder = files("connectors.sdmx") / "profiles"
    found = {
        file.name.removesuffix(".toml"): msgspec.convert(
            tomllib.loads(file.read_text(encoding="utf-8")), Profile
        )
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }
    return {id_: msgspec.structs.replace(found[id_], id=id_) for id_ in sorted(found)}


def profile_named(id_: str) -> Profile:
    """The profile with an id; raises NotFound, naming those there are."""
    found = profiles().get(id_)
    if found is None:
        raise NotFound(f"there is no profile {id_}; known: {', '.join(profiles())}")
    return found


def profile_of_source(source: str, *, speaks_3: bool) -> Profile:
    """The profile for a service of the catalogue: its own, else that of its REST generation."""
    for profile in profiles().values():
        if profile.source == source:
            return profile
    return profiles()["sdmx-3.0" if speaks_3 else "sdmx-2.1"]
