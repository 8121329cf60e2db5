"""Which languages texts are wanted in: `Accept-Language` and the `lang` parameter (RFC 4647)."""

from __future__ import annotations

import re

from hub.errors import BadRequest
from hub.rest.media_type import parse_accept
from hub.rest.parameters import Parameters

_TAG = re.compile(r"[a-z]{1,8}(?:-[a-z0-9]{1,8})*")


def wanted_languages(header: str | None, parameters: Parameters) -> tuple[str, ...]:
    """The language tags wanted, best first, in lower case; () leaves the choice to the node.

    A header never fails: what is no language tag is passed over, and `*` adds nothing, as every
    message holds all languages where its format can. `lang` overrides it; `all` is as `*`.
    """
    named = parameters.text("lang")
    if named is not None:
        tag = named.lower()
        if not _TAG.fullmatch(tag):
            raise BadRequest(f"lang={named} is not a language tag such as en or pt-BR")
        return () if tag == "all" else (tag,)
    ranges = sorted(parse_accept(header or ""), key=lambda range_: -range_.weight)
    tags = (range_.media_type.name for range_ in ranges if range_.weight > 0)
    return tuple(dict.fromkeys(tag for tag in tags if _TAG.fullmatch(tag)))
