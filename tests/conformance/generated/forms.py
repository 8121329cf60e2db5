"""How an answer is asked for, and the type it must then have."""

from __future__ import annotations

from dataclasses import dataclass

from tests.conformance.generated.drawing import Draw

_P = "application/vnd.sdmx."
DATA_V1 = (
    f"{_P}genericdata+xml;version=2.1",
    f"{_P}structurespecificdata+xml;version=2.1",
    f"{_P}data+json;version=1.0.0",
    f"{_P}data+csv;version=1.0.0",
)
CSV_10 = DATA_V1[3]
DATA_V2 = (
    f"{_P}data+json;version=2.1.0",
    f"{_P}data+json;version=2.0.0",
    f"{_P}data+xml;version=3.1.0",
    f"{_P}data+xml;version=3.0.0",
    f"{_P}data+csv;version=2.1.0",
    f"{_P}data+csv;version=2.0.0",
)
STRUCTURE_V1 = (f"{_P}structure+xml;version=2.1", f"{_P}structure+json;version=1.0.0")
STRUCTURE_V2 = (
    f"{_P}structure+json;version=2.1.0",
    f"{_P}structure+json;version=2.0.0",
    f"{_P}structure+xml;version=3.1.0",
    f"{_P}structure+xml;version=3.0.0",
)
#: What short names of types get: the newest of that family, the default of the API first.
_SHORT = {
    "1": {"xml": DATA_V1[0], "json": DATA_V1[2], "csv": DATA_V1[3]},
    "2": {"xml": DATA_V2[2], "json": DATA_V2[0], "csv": DATA_V2[4]},
}
_NAMES = {"genericdata+xml": "genericdata", "structurespecificdata+xml": "structurespecificdata"}


@dataclass(frozen=True)
class Form:
    """What a client says, as a header or as parameters, and the Content-Type it is to get."""

    content_type: str
    accept: str | None = None
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def family(self) -> str:
        """xml, json or csv."""
        return self.content_type.partition(";")[0].rpartition("+")[2]


def is_of_21(content_type: str) -> bool:
    """True for the forms of SDMX 2.1, which do not have words for everything."""
    return content_type.endswith(("version=2.1", "version=1.0.0"))


def draw_form(draw: Draw, api: str, *, only_3x: bool = False, several: bool = False) -> Form:
    """A form of data. `only_3x` where 2.1 cannot say what is asked for, `several` where a message
    must hold several structures.
    """
    offered = [*DATA_V1] if api == "1" else [*DATA_V2, *DATA_V2, *DATA_V2, *DATA_V1]
    if only_3x:
        offered = [*DATA_V2]
    if several:
        offered = [name for name in offered if name not in (DATA_V1[2], CSV_10)]
    wanted = draw.pick(offered)
    short = {name: family for family, name in _SHORT[api].items()}
    if draw.chance(0.15) and wanted in short:
        family = short[wanted]
        return Form(wanted, f"text/{family}" if family == "csv" else f"application/{family}")
    if draw.chance(0.1) and not (only_3x and api == "1"):
        default = DATA_V1[0] if api == "1" else DATA_V2[0]
        return Form(default, draw.pick((None, "*/*", "*/*;q=0.3", "text/html, */*;q=0.1")))
    return Form(wanted, *_said(draw, wanted))


def structure_form(draw: Draw, api: str, *, only_3x: bool = False) -> Form:
    """A form of structures; `only_3x` where 2.1 cannot say what is asked for."""
    offered = STRUCTURE_V1 if api == "1" else (*STRUCTURE_V2, *STRUCTURE_V2, *STRUCTURE_V1)
    if only_3x:
        offered = STRUCTURE_V2
    if draw.chance(0.1):
        return Form(offered[0], draw.pick((None, "*/*")))
    wanted = draw.pick(offered)
    return Form(wanted, draw.pick((wanted, wanted.replace(";", "; "), f"text/html,{wanted};q=0.5")))


def _said(draw: Draw, wanted: str) -> tuple[str | None, tuple[tuple[str, str], ...]]:
    """One type in one of many ways: as it is, with others, as parameters that override all."""
    name, _, version = wanted.partition(";version=")
    kind = name.removeprefix(_P)
    word = {"data+json": "jsondata", "data+csv": "csvdata"}.get(kind, _NAMES.get(kind, kind))
    if draw.chance(0.2) and "+" not in word:
        return draw.pick((None, "application/xml")), (("format", word), ("formatVersion", version))
    exact = (
        wanted,
        f"{name}; version={version}",
        wanted.upper().replace("Q=", "q="),
        f"{wanted};q=0.9,text/html",
        f"text/html, {wanted};q=0.2, image/*;q=0.9",
    )
    return draw.pick(exact), ()
