"""Hostile SDMX-ML: entities, inclusions, bombs, depth, width and encodings."""

from __future__ import annotations

from collections.abc import Callable

from tests.hostile.case import Bait, Hostile, plainly
from tests.hostile.sound import enclosed, generic, specific

XI = 'xmlns:xi="http://www.w3.org/2001/XInclude"'
OBS = specific().split("<Obs", 1)[1].split("/>", 1)[0]


def laughs(of: str = "lol") -> str:
    """A thousand million laughs in a kilobyte."""
    levels = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else f'<!ENTITY l0 "{of}">' for n in range(10)
    )
    return f"<!DOCTYPE a [{levels}]>"


#: name: a document type declaration, and where its entity is used.
DECLARATIONS: dict[str, Callable[[Bait], str]] = {
    "entities within entities": lambda _: laughs(),
    "one long entity": lambda _: f'<!DOCTYPE a [<!ENTITY l9 "{"x" * 100_000}">]>',
    "an entity of itself": lambda _: '<!DOCTYPE a [<!ENTITY l9 "&l9;">]>',
    "a file as an entity": lambda bait: (
        f'<!DOCTYPE a [<!ENTITY l9 SYSTEM "{bait.file.as_uri()}">]>'
    ),
    "an address as an entity": lambda bait: f'<!DOCTYPE a [<!ENTITY l9 SYSTEM "{bait.url}">]>',
    "a file as a parameter entity": lambda bait: (
        f'<!DOCTYPE a [<!ENTITY % x SYSTEM "{bait.file.as_uri()}"> %x;]>'
    ),
    "an address as a parameter entity": lambda bait: (
        f'<!DOCTYPE a [<!ENTITY % x SYSTEM "{bait.url}"> %x;]>'
    ),
    "a document type elsewhere": lambda bait: f'<!DOCTYPE a SYSTEM "{bait.url}">',
    "a public document type": lambda bait: f'<!DOCTYPE a PUBLIC "-//X//Y" "{bait.file.as_uri()}">',
    "an unparsed entity": lambda bait: (
        f'<!DOCTYPE a [<!NOTATION n SYSTEM "{bait.url}"><!ENTITY e SYSTEM "{bait.url}" NDATA n>]>'
    ),
    "default attributes": lambda _: '<!DOCTYPE a [<!ATTLIST Obs OBS_VALUE CDATA "1">]>',
}


def declared(sound: Callable[..., str], make: Callable[[Bait], str]) -> Callable[[Bait], bytes]:
    """A message with a declaration whose entity stands in a value."""

    def build(bait: Bait) -> bytes:
        declaration = make(bait)
        used = "&l9;" if "ENTITY l9" in declaration else "Statistics Sweden"
        return sound(head=declaration, DATA_PROVIDER=used).encode()

    return build


def _file(name: str, content: str | bytes, told: str, kind: str = "Invalid") -> Hostile:
    return Hostile(name=name, make=plainly(content), told=told, kind=kind)


def _value(column: str, value: str, told: str) -> Hostile:
    text = specific(**{column: value})
    return _file(f"{column} {value[:24]!r}", text, told)


def _including(bait: Bait) -> bytes:
    element = f'<xi:include {XI} href="{bait.file.as_uri()}" parse="text"/>'
    return specific(rest=element).encode()


def _with_schema(bait: Bait) -> bytes:
    places = f'xsi:schemaLocation="urn:x {bait.url} urn:y {bait.file.as_uri()}"'
    return specific().replace("<message:Header>", f"<message:Header {places}>").encode()


def _with_style(bait: Bait) -> bytes:
    return specific(head=f'<?xml-stylesheet type="text/xsl" href="{bait.url}"?>').encode()


ENTITIES = [
    Hostile(name=f"{kind}: {name}", make=declared(sound, make), told="DOCTYPE")
    for kind, sound, names in (
        ("structure-specific", specific, list(DECLARATIONS)),
        ("generic", generic, list(DECLARATIONS)[:5]),
    )
    for name, make in ((name, DECLARATIONS[name]) for name in names)
]
REACHING = [
    Hostile(name="XInclude in a data set", make=_including, told="include"),
    Hostile(name="schemas elsewhere", make=_with_schema, reads=("OBS_VALUE", "93722")),
    Hostile(name="a style sheet elsewhere", make=_with_style, reads=("OBS_VALUE", "93722")),
    _file("an entity nobody declared", specific(DATA_PROVIDER="&passwd;"), "entity"),
]
NAMED = " ".join(f'A{number}=""' for number in range(100_000))
BOUND = " ".join(f'xmlns:n{number}="u:{number}"' for number in range(100_000))
VALUES = [
    _value("OBS_VALUE", "1e400", "OBS_VALUE"),
    _value("OBS_VALUE", "-INF", "OBS_VALUE"),
    _value("OBS_VALUE", "=1+1", "OBS_VALUE"),
    _value("REF_AREA", "../../SWE", "REF_AREA"),
    _value("REF_AREA", "ЅWE", "REF_AREA"),
    _value("REF_AREA", "SWE&#10;", "REF_AREA"),
    _value("TIME_PERIOD", "2020&#x2028;", "TIME_PERIOD"),
]
BOMBS = [
    _file("a million levels", enclosed("<common:Annotations>" * 1_000_000), "deeper", "TooLarge"),
    _file("100,000 attributes", enclosed(f"<Obs {NAMED}/>"), "", "TooLarge"),
    Hostile(
        name="100,000 namespaces",
        make=plainly(enclosed(f"<Obs{OBS} {BOUND}/>")),
        reads=("OBS_VALUE", "93722"),
    ),
    _file("a tag of 16 MB", enclosed(f'<Obs A="{"x" * (16 << 20)}"/>'), "a tag", "TooLarge"),
    _file("a comment of 16 MB", enclosed(f"<!--{'x' * (16 << 20)}-->"), "comment", "TooLarge"),
    _file("a text of 16 MB", enclosed(f"<Obs>{'x' * (16 << 20)}</Obs>"), "", "Invalid"),
    _file("CDATA of 16 MB", enclosed(f"<Obs><![CDATA[{'<' * (16 << 20)}]]></Obs>"), ""),
    _file(
        "a hundred thousand data sets",
        enclosed('</message:DataSet><message:DataSet ss:structureRef="S">' * 100_000),
        "data sets",
        "TooLarge",
    ),
    _file("a key twice", specific(rest=f"<Obs{OBS}/>"), "stands on line 4 already"),
]
FORMS = [
    _file("a NUL", specific(DATA_PROVIDER="\0"), "a binary file"),
    _file("a reference to NUL", specific(DATA_PROVIDER="&#0;"), "not well-formed"),
    _file("an attribute twice", specific(rest='<Obs A="1" A="2"/>'), "not well-formed"),
    _file("a prefix nobody bound", specific(rest="<x:Obs/>"), "not well-formed"),
    _file("a message cut off", specific()[:-40], "not well-formed"),
    _file("two roots", specific() + "<a/>", "not well-formed"),
    _file("an encoding that lies", specific().replace("UTF-8", "UTF-16"), "encoding"),
    _file("UTF-7", specific().replace("UTF-8", "UTF-7"), "encoding"),
    _file("EBCDIC", specific().replace("UTF-8", "cp037").encode("cp037"), ""),
    _file("text between elements", specific(rest="DROP TABLE slices"), "text"),
    _file("another vocabulary", "<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "svg"),
    _file("a component with a path", specific(rest='<Obs a..b-c="1"/>'), "a..b-c"),
    _file("a look-alike component", specific(rest='<Obs ОBS_VALUE="1"/>'), "ОBS_VALUE"),
    _file("a look-alike structure", specific().replace("DF_STOCK", "DF_STОCK"), "ОCK"),
    _file("a structure with a path", specific().replace("DF_STOCK_BIRTH(", "../x("), "../x"),
    _file("an older standard", specific().replace("/v3_0/", "/v2_0/"), ""),
]
FILES = [*ENTITIES, *REACHING, *VALUES, *BOMBS, *FORMS]
