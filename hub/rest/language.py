"""Which languages texts are wanted in, and come in.

`Accept-Language` asks for the best match (RFC 4647, lookup), the parameter `lang` for one language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from hub.errors import BadRequest, NotAcceptable
from hub.formats.memo import derived
from hub.model import InternationalString, Schema
from hub.rest.declared import Declared
from hub.rest.media_type import parse_accept
from hub.rest.parameters import Parameters

_TAG = re.compile(r"[a-z]{1,8}(?:-[a-z0-9]{1,8})*")


def _named(parameters: Parameters) -> str | None:
    """Read `lang`."""
    named = parameters.text("lang")
    if named is not None and not _TAG.fullmatch(named.lower()):
        raise BadRequest(f"lang={named} is not a language tag such as en or pt-BR")
    return named


LANG = Declared(
    "lang",
    _named,
    {"type": "string", "pattern": "^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$"},
    "The language of names, or `all`; it overrides Accept-Language. 406 where none has it.",
    "en",
)


def wanted_languages(header: str | None, parameters: Parameters) -> tuple[str, ...]:
    """The language tags wanted, best first, in lower case; () leaves the choice to the node.

    A header never fails: what is no language tag is passed over, and `*` adds nothing, as every
    message holds all languages where its format can. `lang` overrides it; `all` is as `*`.
    """
    named = LANG.read(parameters)
    if named is not None:
        tag = named.lower()
        return () if tag == "all" else (tag,)
    ranges = sorted(parse_accept(header or ""), key=lambda range_: -range_.weight)
    tags = (range_.media_type.name for range_ in ranges if range_.weight > 0)
    return tuple(dict.fromkeys(tag for tag in tags if _TAG.fullmatch(tag)))


def language_of(
    names: Iterable[InternationalString], wanted: Sequence[str], parameters: Parameters
) -> str:
    """The language that an answer comes in, by the names of its artefacts; "" means all.

    Raises NotAcceptable where `lang` names a language that none of them has.
    """
    if not wanted:
        return ""
    known = [name for name in names if name]
    found = [name.best_language(wanted) or "" for name in known]
    named = LANG.read(parameters)
    if named is None or not found:
        return found[0] if found else ""
    fitting = [tag for tag in found if f"{named}-".lower().startswith(f"{tag}-".lower())]
    if not fitting:
        there_are = sorted({tag for name in known for tag, _ in name.texts})
        raise NotAcceptable(f"lang={named} is not there; there are {', '.join(there_are)}")
    return fitting[0]


def languages_in(schema: Schema, wanted: Sequence[str]) -> tuple[str, ...]:
    """The languages of the names that a data message of a schema may hold."""

    def names() -> Iterable[InternationalString]:
        yield (schema.dataflow or schema.structure).name
        for column in schema.columns:
            yield column.name
            if column.enumeration is not None:
                yield from (code.name for code in column.enumeration.items)

    def find() -> tuple[str, ...]:
        if wanted:
            best = (name.best_language(wanted) for name in names())
            return tuple(dict.fromkeys(tag for tag in best if tag))
        return tuple(dict.fromkeys(tag for name in names() for tag, _ in name.texts))

    return derived(schema, ("languages", *wanted), find)
