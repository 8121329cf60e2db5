"""Messages of any structure are valid by the official schemas, in every form that has one."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from hub.formats.data import FORMS, DataForm, Family, write
from hub.model import Role
from tests.formats.cubes import Cube, cubes
from tests.formats.data.test_json_message import load
from tests.formats.data.test_ml_message import BASE, MANY, START, derived, schema_folder
from tests.formats.effort import examples
from tests.formats.test_round_trip import HEADER

SPECIFIC = [form for form in FORMS if form.family is Family.STRUCTURE_SPECIFIC]
GENERIC = [form for form in FORMS if form.family is Family.GENERIC]
JSON = [form for form in FORMS if form.family is Family.JSON]


def by_media_type(forms: list[DataForm]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("form", forms, ids=lambda form: form.media_type)


def written(cube: Cube, form: DataForm) -> bytes:
    return b"".join(write(HEADER, [cube.dataset()], form))


@by_media_type(JSON)
@examples(15)
@given(data=st.data())
def test_json(form: DataForm, data: st.DataObject) -> None:
    text = written(data.draw(cubes(form)), form)
    load(text, form.version)
    json.loads(text, parse_constant=pytest.fail)


@cache
def message_schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(schema_folder("v2_1") / "SDMXMessage.xsd"))


@by_media_type(GENERIC)
@examples(15)
@given(data=st.data())
def test_generic(form: DataForm, data: st.DataObject) -> None:
    message_schema().assertValid(etree.fromstring(written(data.draw(cubes(form)), form)))


@by_media_type(SPECIFIC)
@examples(4)
@given(data=st.data())
def test_structure_specific(form: DataForm, data: st.DataObject) -> None:
    cube = data.draw(cubes(form))
    text = written(cube, form)
    at = text.partition(b'dimensionAtObservation="')[2].partition(b'"')[0].decode()
    with TemporaryDirectory() as folder:
        schema = specific_schema(cube, form, at, Path(folder))
        schema.assertValid(etree.fromstring(text))


def specific_schema(cube: Cube, form: DataForm, at: str, folder: Path) -> etree.XMLSchema:
    """The official schemas together with types of the structure of a cube."""
    version = f"v{form.model.replace('.', '_')}"
    urn = f"{cube.schema.context.urn}:ObsLevelDim:{at}"
    common, ss = (f"{BASE}/{version}/{part}" for part in ("common", "data/structurespecific"))
    for file in schema_folder(version).glob("*.xsd"):
        (folder / file.name).symlink_to(file)
    (folder / "flow.xsd").write_text(
        f'{START} targetNamespace="{urn}" xmlns="{urn}" xmlns:ss="{ss}" xmlns:common="{common}">'
        f'<xs:import namespace="{common}" schemaLocation="SDMXCommon.xsd"/>'
        f'<xs:import namespace="{ss}" schemaLocation="SDMXDataStructureSpecific.xsd"/>'
        f"{types_of(cube, form, is_flat=at == 'AllDimensions')}</xs:schema>"
    )
    (folder / "all.xsd").write_text(
        f'{START}><xs:import namespace="{BASE}/{version}/message" '
        f'schemaLocation="SDMXMessage.xsd"/><xs:import namespace="{urn}" '
        'schemaLocation="flow.xsd"/></xs:schema>'
    )
    return etree.XMLSchema(etree.parse(folder / "all.xsd"))


def types_of(cube: Cube, form: DataForm, *, is_flat: bool) -> str:
    """Every component may stand at every level: what stands where, other tests say."""
    nested = [c for c in cube.schema.columns if c.is_list or c.is_multilingual]
    names = [c.id for c in cube.schema.columns if c not in nested]
    kind = "TimeSeries" if form.is_time_series else ""
    comp = "" if form.is_simple else f'<xs:element name="Comp" type="ss:CompType" {MANY}/>'
    rows = "Obs" if is_flat else "Series"
    elements = {"Group": "ss:GroupType", rows: f"{rows}Type"}
    inner = "".join(f'<xs:element name="{n}" type="{t}" {MANY}/>' for n, t in elements.items())
    if not form.is_simple:
        once = inner.replace(MANY, 'form="unqualified"')
        atts = '<xs:element name="Atts" type="AttsType" form="unqualified"/>'
        inner = f'<xs:choice minOccurs="0" maxOccurs="unbounded">{atts}{once}</xs:choice>'
    obs = f'<xs:element name="Obs" type="ObsType" {MANY}/>'
    types = [
        derived("DataSetType", f"{kind}DataSetType", inner, names),
        derived("ObsType", f"{kind}ObsType", comp, names),
        derived("SeriesType", f"{kind or 'Series'}Type", comp + obs, names),
        *(derived(group.id, "GroupType", comp, names) for group in cube.schema.structure.groups),
    ]
    if not form.is_simple:
        types.append(derived("AttsType", "AttsType", comp))
        for column in nested:
            part = "MEASURE" if column.role is Role.MEASURE else "ATTRIBUTE"
            value = "Text" if column.is_multilingual else "String"
            content = f'<xs:element name="Value" type="common:{value}ValueType" {MANY}/>'
            types.append(derived(f"{column.id}_{part}", "CompType", content))
    return "".join(types)
