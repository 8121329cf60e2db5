"""Hostile structure and metadata messages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.hostile.case import Bait, Hostile, plainly
from tests.hostile.ml_files import DECLARATIONS, XI

BASE = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0"
METADATA = (Path(__file__).parents[1] / "publish/metadata/samples/good.xml").read_text("utf-8")
LOAD = ("structures", "load", "{}")
LOAD_METADATA = ("metadata", "load", "{}")
Words = tuple[str, ...]


def codelist(codes: str = "", id_: str = "CL_X", head: str = "", more: str = "") -> str:
    """A structure message with one code list."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{head}'
        f'<m:Structure xmlns:m="{BASE}/message" xmlns:s="{BASE}/structure" xmlns:c="{BASE}/common">'
        f"<m:Header><m:ID>X</m:ID></m:Header><m:Structures><s:Codelists>"
        f'<s:Codelist id="{id_}" agencyID="MIGX.SWE" version="1.0.0"{more}>'
        f'<c:Name xml:lang="en">Codes</c:Name>{codes}'
        "</s:Codelist></s:Codelists></m:Structures></m:Structure>"
    )


def code(id_: str, parent: str = "") -> str:
    """A code."""
    above = f"<s:Parent>{parent}</s:Parent>" if parent else ""
    return f'<s:Code id="{id_}"><c:Name xml:lang="en">N</c:Name>{above}</s:Code>'


def listed(**more: Any) -> dict[str, Any]:
    """A structure message in SDMX-JSON with one code list."""
    held = {"id": "CL_X", "agencyID": "MIGX.SWE", "version": "1.0.0", "name": "Codes", "codes": []}
    return {"meta": {"id": "X"}, "data": {"codelists": [{**held, **more}]}}


def _file(
    name: str, content: str | bytes, told: str | None, kind: str = "Invalid", command: Words = LOAD
) -> Hostile:
    return Hostile(name=name, make=plainly(content), told=told, kind=kind, command=command)


def _loaded(name: str, content: str, told: str, kind: str = "Invalid") -> Hostile:
    return _file(f"metadata: {name}", content, told, kind, LOAD_METADATA)


def _declared(sound: Callable[[str], str], make: Callable[[Bait], str]) -> Callable[[Bait], bytes]:
    return lambda bait: sound(make(bait)).encode()


def _with_head(declaration: str) -> str:
    used = "&l9;" if "ENTITY l9" in declaration else "A"
    return codelist(code("A").replace(">N<", f">{used}<"), head=declaration)


def _metadata_with(declaration: str) -> str:
    used = "&l9;" if "ENTITY l9" in declaration else "Sweden"
    return METADATA.replace("\n", f"\n{declaration}", 1).replace("Sweden", used, 1)


def _including(bait: Bait) -> bytes:
    return codelist(f'<xi:include {XI} href="{bait.file.as_uri()}"/>').encode()


def _elsewhere(bait: Bait) -> bytes:
    places = f' isExternalReference="true" structureURL="{bait.url}" serviceURL="{bait.url}"'
    return codelist(more=places).encode()


STRUCTURES = [
    *(
        Hostile(
            name=f"structures: {name}",
            make=_declared(_with_head, make),
            told="document type",
            command=LOAD,
        )
        for name, make in list(DECLARATIONS.items())[:9]
    ),
    Hostile(name="structures: XInclude", make=_including, told="include", command=LOAD),
    Hostile(name="structures elsewhere", make=_elsewhere, command=LOAD),
    _file("a list with a path", codelist(id_="../../x"), "../../x"),
    _file("a look-alike list", codelist(id_="CL_АREA"), "CL_"),
    _file("a list of 5,000 letters", codelist(id_="X" * 5_000), "at most 200"),
    _file("a list of another agency", codelist(code("A")).replace("MIGX.SWE", "../SWE"), "../SWE"),
    _file("a code with a path", codelist(code("../A")), "'../A' is no id"),
    _file("a look-alike code", codelist(code("А")), "is no id"),
    _file("a code twice", codelist(code("A") * 2), "several items are called A"),
    _file("codes below each other", codelist(code("A", "B") + code("B", "A")), "below"),
    _file("a code below itself", codelist(code("A", "A")), "below themselves"),
    _file("a version without end", codelist().replace("1.0.0", "9" * 10_000), "does not match"),
    _file("a hundred thousand levels of a list", codelist("<s:Code>" * 100_000), "", "TooLarge"),
    _file("300,000 empty elements", codelist("<s:Code/>" * 300_000), ""),
    _file("a name of 12 MB", codelist(code("A").replace("N", "x" * (12 << 20))), "", "TooLarge"),
    _file("a JSON list with a path", json.dumps(listed(id="../../x")), "../../x"),
    _file(
        "a JSON list twice",
        json.dumps(listed()).replace('"id": "CL_X"', '"id": "CL_X", "id": "CL_Y"'),
        "given twice",
    ),
    _file(
        "a hundred thousand levels in JSON",
        json.dumps(listed()).replace("[]", "[" * 100_000 + "]" * 100_000),
        "",
        "TooLarge",
    ),
    _file("NaN in a structure", json.dumps(listed(codes=[{"id": "A", "name": float("nan")}])), ""),
    _file("300,000 codes that are none", json.dumps(listed(codes=[0] * 300_000)), ""),
    _file("a structure in UTF-16 that lies", codelist().replace("UTF-8", "UTF-16"), ""),
    _file("a structure with a NUL", codelist("\0"), "not well-formed"),
]
CSV = "MDSTRUCTURE,MDSTRUCTURE_ID,METADATASET_ID,ACTION,TARGET_TYPES,TARGET_IDS"
SETS: dict[str, Any] = {"meta": {}, "data": {"metadataSets": [{"id": "A", "agencyID": "T"}]}}
METADATA_FILES = [
    *(
        Hostile(
            name=f"metadata: {name}",
            make=_declared(_metadata_with, make),
            told="document type",
            command=LOAD_METADATA,
        )
        for name, make in list(DECLARATIONS.items())[:6]
    ),
    _loaded("a set with a path", METADATA.replace("META_STOCK", "../../x"), "../../x"),
    _loaded("a look-alike set", METADATA.replace("META_STOCK", "META_SТOCK"), ""),
    _loaded("a target with a path", METADATA.replace("MIGX:DF_STOCK_BIRTH", "MIGX:../x"), ""),
    _loaded(
        "a script in a text",
        METADATA.replace(
            '<com:Text xml:lang="en">Statistics Sweden</com:Text>',
            '<com:StructuredText xml:lang="en"><script xmlns="http://www.w3.org/1999/xhtml">x()</script></com:StructuredText>',
        ),
        "",
    ),
    _loaded(
        "elements in each other", METADATA.replace("Statistics Sweden", "<a>" * 100_000), "", ""
    ),
    _loaded(
        "a text of 16 MB", METADATA.replace("Statistics Sweden", "x" * (16 << 20)), "", "TooLarge"
    ),
    _loaded("a member twice", json.dumps(SETS).replace('"id"', '"id": "B", "id"'), "given twice"),
    _loaded(
        "levels in JSON",
        json.dumps(SETS).replace('"A"', "[" * 100_000 + "]" * 100_000),
        "",
        "TooLarge",
    ),
    _loaded("an infinite number", json.dumps(SETS).replace('"A"', "1e400"), ""),
    _loaded(
        "a CSV target with a path",
        f"{CSV}\nmetadataflow,MIGX:MDF_MIG(1.0.0),MIGX.SWE:S(1.0.0),R,dataflow,../../x\n",
        "",
    ),
    _loaded("a CSV with a formula", f"{CSV}\nmetadataflow,=1+1,MIGX.SWE:S(1.0.0),R,,\n", ""),
    _loaded("a CSV quote never closed", f'{CSV}\n"' + "x\n" * 100_000, ""),
    _loaded("a CSV of 100,000 columns", CSV + ",A" * 100_000, "", "TooLarge"),
]
FILES = [*STRUCTURES, *METADATA_FILES]
