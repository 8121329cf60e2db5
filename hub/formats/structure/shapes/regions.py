"""How regions and sets of keys look; in SDMX-ML 2.1 what is in them has another namespace."""

from __future__ import annotations

from hub.formats.structure.form import JSON_10, ML_21, StructureForm
from hub.formats.structure.json import constraint as in_json
from hub.formats.structure.json.fields import Member
from hub.formats.structure.json.nesting import Many
from hub.formats.structure.json.shaped import object_of
from hub.formats.structure.ml import constraint as in_ml
from hub.formats.structure.shape import (
    ALL,
    IN_JSON,
    IN_ML,
    SINCE_3,
    Forms,
    HasMany,
    Notes,
    Part,
    RefersTo,
    Shape,
    Special,
    Word,
)
from hub.model import (
    ArtefactClass,
    CubeRegion,
    KeySet,
    KeyValues,
    MetadataKeySet,
    MetadataRegion,
    SetReference,
)

_OLD: Forms = frozenset({ML_21})
_NEW: Forms = ALL - _OLD
_ONLY_10: Forms = frozenset({JSON_10})


def _values(*, single: bool = False) -> tuple[Part, ...]:
    """The values of a component; `single` where a message has one value for each."""
    return (
        Special("values", "", forms=_OLD, in_ml=lambda _: in_ml.Values("com")),
        Special("values", "", forms=IN_ML - _OLD, in_ml=lambda _: in_ml.Values("str")),
        Special(
            "values",
            "",
            forms=IN_JSON,
            in_json=in_json.KeyValue if single else in_json.Values,
        ),
    )


_RANGE = (
    Special("start", "", forms=_OLD, in_ml=lambda _: in_ml.TimeRange("com")),
    Special(
        "start",
        "",
        forms=_NEW,
        in_ml=lambda _: in_ml.TimeRange("str"),
        in_json=lambda _: in_json.TimeRange(),
    ),
)
_COMPONENT = (
    Word("component", "id", required=True),
    Word("include", "include", kind=bool, implied=True, forms=ALL - _ONLY_10),
    Word("removes_prefix", "removePrefix", kind=bool, implied=False, forms=SINCE_3),
)
_VALID = (
    Word("valid_from", "validFrom", forms=SINCE_3),
    Word("valid_to", "validTo", forms=SINCE_3),
)
_KEY = Shape(make=KeyValues, parts=(*_COMPONENT, *_VALID, *_values(), *_RANGE))
_ATTRIBUTE = Shape(make=KeyValues, parts=(*_COMPONENT, *_values(), *_RANGE))
_SINGLE = Shape(
    make=KeyValues,
    parts=(
        Word("component", "id", required=True),
        Word("removes_prefix", "removePrefix", kind=bool, implied=False, forms=SINCE_3),
        *_values(single=True),
    ),
)


def _keys(shape: Shape) -> tuple[Part, ...]:
    return (
        HasMany("keys", "com:KeyValue", key="keyValues", forms=_OLD, shape=shape),
        HasMany("keys", "KeyValue", key="keyValues", forms=_NEW, shape=shape),
    )


_ATTRIBUTES = (
    HasMany("attributes", "com:Attribute", forms=_OLD, shape=_ATTRIBUTE),
    HasMany("attributes", "Attribute", key="attributes", forms=_ONLY_10, shape=_ATTRIBUTE),
    HasMany("attributes", "Component", key="components", forms=SINCE_3, shape=_ATTRIBUTE),
)
#: A region of a cube.
REGION = Shape(
    make=CubeRegion,
    parts=(
        Word("include", "include", kind=bool, forms=ALL - _ONLY_10),
        Word("include", "include", key="isIncluded", kind=bool, forms=_ONLY_10),
        Notes(forms=SINCE_3, spare=True),
        *_keys(_KEY),
        *_ATTRIBUTES,
    ),
)
_DATA_KEY = Shape(
    make=CubeRegion,
    parts=(
        *_VALID,
        Notes(forms=SINCE_3, spare=True),
        *_keys(_SINGLE),
        HasMany("attributes", "Component", key="components", forms=SINCE_3, shape=_ATTRIBUTE),
    ),
)
#: A set of keys.
KEY_SET = Shape(
    make=KeySet,
    parts=(
        Word("is_included", "isIncluded", kind=bool, required=True),
        HasMany("keys", "Key", key="keys", shape=_DATA_KEY),
    ),
)
#: A data set or metadata set.
SET = Shape(
    make=SetReference,
    parts=(
        RefersTo(
            "provider",
            "com:DataProvider",
            classes=(ArtefactClass.DATA_PROVIDER_SCHEME,),
            to_item=True,
            required=True,
        ),
        Word("id", "com:ID", key="id", required=True),
    ),
)


def _in_json(key: str, name: str, shape: Shape, *, single: bool) -> Special:
    def make(form: StructureForm) -> Member:
        many = Many(name, key if single else f"{key}s", object_of(shape, form))
        return in_json.OneOrMany(many, is_single=single)

    return Special(name, "", forms=_ONLY_10, in_json=make)


def _metadata_values(*, single: bool) -> Shape:
    """What identifies metadata in 2.1: values, data sets, keys of data, or objects."""

    def objects(_: StructureForm) -> Member:
        inner = in_json.Objects("objects", "object" if single else "objects")
        return in_json.OneOrMany(inner, is_single=single)

    return Shape(
        make=KeyValues,
        parts=(
            *_COMPONENT[:2],
            *_values(single=single),
            *(() if single else _RANGE),
            HasMany("data_sets", "com:DataSet", forms=_OLD, shape=SET),
            _in_json("dataSet", "data_sets", SET, single=single),
            HasMany("data_keys", "com:DataKey", forms=_OLD, shape=_DATA_KEY),
            _in_json("dataKey", "data_keys", _DATA_KEY, single=single),
            Special(
                "objects",
                "",
                in_ml=lambda dialect: in_ml.Objects(dialect, "objects", "com:Object"),
                in_json=objects,
            ),
        ),
    )


_REPORT = (
    Word("report", "report", required=True),
    Word("target", "metadataTarget", required=True),
)
#: A region of reference metadata in 2.1.
METADATA_REGION_21 = Shape(
    make=MetadataRegion,
    parts=(
        Word("include", "include", kind=bool),
        *_REPORT,
        *_keys(_metadata_values(single=False)),
        *_ATTRIBUTES,
    ),
)
#: A region of reference metadata since 3.0.
METADATA_REGION = Shape(
    make=MetadataRegion,
    parts=(Word("include", "include", kind=bool), *_VALID, Notes(forms=IN_JSON), *_ATTRIBUTES),
)
#: A set of keys of reference metadata, which 2.1 alone has.
METADATA_KEY_SET = Shape(
    make=MetadataKeySet,
    parts=(
        Word("is_included", "isIncluded", kind=bool, required=True),
        HasMany(
            "keys",
            "Key",
            key="keys",
            shape=Shape(
                make=MetadataRegion, parts=(*_REPORT, *_keys(_metadata_values(single=True)))
            ),
        ),
    ),
)
