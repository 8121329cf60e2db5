"""Which representation answers a request (SDMX REST 2.2, "Content negotiation").

An offer is a media type that the node can write for a resource; offers come in order of
preference, the first is the default of the API version. Query parameters (`format`,
`formatVersion`, `lang`, `compression`) override headers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from hub.errors import NotAcceptable
from hub.rest.declared import Declared
from hub.rest.media_type import MediaRange, MediaType, parse_accept, version_fits
from hub.rest.parameters import Parameters, decode

F = TypeVar("F", covariant=True)

#: Short names of types, an extension; SDMX types end in the same suffix.
_SHORT_FORMS = {
    "application/json": "+json",
    "text/json": "+json",
    "application/xml": "+xml",
    "text/xml": "+xml",
    "text/csv": "+csv",
    "application/csv": "+csv",
}
_PREFIX = "application/vnd.sdmx."
#: The values of `format` that are no type name themselves.
_FORMATS = {
    "jsondata": "data+json",
    "csvdata": "data+csv",
    "csv": "data+csv",
    "jsonstructure": "structure+json",
    "structure": "structure+xml",
    "jsonschema": "schema+json",
    "schema": "schema+xml",
    "genericdata": "genericdata+xml",
    "structurespecificdata": "structurespecificdata+xml",
    "generictimeseriesdata": "generictimeseriesdata+xml",
    "structurespecifictimeseriesdata": "structurespecifictimeseriesdata+xml",
    "jsonmetadata": "metadata+json",
    "csvmetadata": "metadata+csv",
    "metadata": "metadata+xml",
    "genericmetadata": "genericmetadata+xml",
    "structurespecificmetadata": "structurespecificmetadata+xml",
}
_SHORT_FORMATS = {
    "json": "application/json",
    "xml": "application/xml",
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.stream",
}
#: The options of SDMX-CSV, with the singular spellings that clients also use.
_OPTION_NAMES = {
    "label": "labels",
    "labels": "labels",
    "key": "keys",
    "keys": "keys",
    "timeformat": "timeFormat",
}
_OPTION_VALUES = {
    "labels": ("id", "name", "both"),
    "keys": ("none", "obs", "series", "both"),
    "timeFormat": ("original", "normalized"),
}


@dataclass(frozen=True, slots=True)
class Offer(Generic[F]):
    """A media type the node can write, and the form that writes it."""

    media_type: MediaType
    form: F

    @property
    def takes_options(self) -> bool:
        """True for SDMX-CSV, whose media type has options."""
        return self.media_type.name.endswith("+csv")


@dataclass(frozen=True, slots=True)
class Choice(Generic[F]):
    """The offer that was chosen and the options asked for with it."""

    offer: Offer[F]
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def content_type(self) -> str:
        """The Content-Type of the answer; options are in it when they were asked for."""
        media_type = self.offer.media_type
        return str(MediaType(media_type.name, media_type.version, self.options))


def choose(offers: Sequence[Offer[F]], accept: str | None, parameters: Parameters) -> Choice[F]:
    """Choose the representation of an answer; raises NotAcceptable, naming what there is.

    The best weight wins, then the more specific range, then its place in the header, then the
    preference of the node. An offer gets its weight from the most specific range that fits it.
    """
    asked = _from_parameters(parameters)
    ranges = (asked,) if asked is not None else parse_accept(accept or "*/*")
    best: tuple[tuple[float, int, int, int], Choice[F]] | None = None
    for preference, offer in enumerate(offers):
        found = _best_range(offer, ranges)
        if found is None or found[1].weight == 0:
            continue
        specificity, fitting = found
        rank = (fitting.weight, specificity, -fitting.position, -preference)
        if best is None or rank > best[0]:
            best = (rank, Choice(offer, _options(offer, fitting.media_type)))
    if best is None:
        there_are = ", ".join(str(offer.media_type) for offer in offers)
        wanted = str(asked.media_type) if asked is not None else accept
        raise NotAcceptable(f"'{wanted}' is not offered for this resource; there are {there_are}")
    return best[1]


def _from_parameters(parameters: Parameters) -> MediaRange | None:
    """Read `format` and `formatVersion`; the latter means nothing alone."""
    name, version = parameters.text("format"), FORMAT_VERSION.read(parameters)
    if name is None:
        return None
    word = name.lower()
    if "/" in word:
        return MediaRange(parse_accept(word)[0].media_type, 1.0, 0)
    return MediaRange(_named(word, version), 1.0, 0)


def _format_version(parameters: Parameters) -> str | None:
    """Read `formatVersion`; without a value it is as if it were not there."""
    return decode(parameters.raw("formatVersion") or "", "parameter 'formatVersion'") or None


FORMAT_VERSION = Declared(
    "formatVersion",
    _format_version,
    {"type": "string", "pattern": r"^[^\x00-\x1f\x7f]*$"},
    "The version of `format`, by default the newest there is; without `format` it means nothing.",
    None,
)


def format_for(offers: Sequence[Offer[F]]) -> Declared[str | None]:
    """The parameter `format` of a resource: the words, and the types, that choose one of offers."""
    words = [
        word
        for word in (*_SHORT_FORMATS, *_FORMATS)
        if any(_specificity(offer, _range(word)) for offer in offers)
    ]
    other = [word for word in words if not _specificity(offers[0], _range(word))]
    types = [str(offer.media_type) for offer in offers]
    return Declared(
        "format",
        lambda parameters: parameters.text("format"),
        {"type": "string", "enum": [*words, *types]},
        "The form of the answer, as a word or as its media type; it overrides Accept.",
        [*other, *words][0],
    )


def _range(word: str) -> MediaRange:
    return MediaRange(_named(word), 1.0, 0)


def _named(word: str, version: str | None = None) -> MediaType:
    """The type that a short word of `format` means."""
    if word in _SHORT_FORMATS:
        return MediaType(_SHORT_FORMATS[word], version)
    return MediaType(_PREFIX + _FORMATS.get(word, word), version)


def _best_range(offer: Offer[F], ranges: Sequence[MediaRange]) -> tuple[int, MediaRange] | None:
    """The most specific range that fits an offer; of equals, the first."""
    fitting = [(_specificity(offer, range_), range_) for range_ in ranges]
    return max(
        ((specificity, range_) for specificity, range_ in fitting if specificity),
        key=lambda found: (found[0], -found[1].position),
        default=None,
    )


def _specificity(offer: Offer[F], range_: MediaRange) -> int:
    """How closely a range names an offer: 0 not at all, 5 with type and version."""
    asked, offered = range_.media_type, offer.media_type
    if asked.name in ("*/*", "*"):
        return 1
    if asked.name == "application/*":
        return 2
    suffix = _SHORT_FORMS.get(asked.name)
    named = asked.name == offered.name
    if not named and not (suffix and offered.name.endswith(suffix)):
        return 0
    if asked.version and not version_fits(offered.version or "", asked.version):
        return 0
    if not _options_fit(offer, asked):
        return 0
    return (4 if named else 3) + bool(asked.version)


def _options_fit(offer: Offer[F], asked: MediaType) -> bool:
    if not offer.takes_options:
        return True
    wanted = (_OPTION_NAMES.get(key) for key in asked.parameters)
    return all(
        name is None or value in _OPTION_VALUES[name]
        for name, value in zip(wanted, asked.parameters.values(), strict=True)
    )


def _options(offer: Offer[F], asked: MediaType) -> dict[str, str]:
    if not offer.takes_options:
        return {}
    named = ((_OPTION_NAMES.get(key), value) for key, value in asked.parameters.items())
    return {name: value for name, value in named if name is not None}
