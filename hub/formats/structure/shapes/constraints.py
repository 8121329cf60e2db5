"""How constraints look; SDMX 2.1 calls data constraints content constraints."""

from __future__ import annotations

from hub.formats.structure import availability as wire
from hub.formats.structure.form import JSON_10, StructureForm
from hub.formats.structure.json import constraint as in_json
from hub.formats.structure.json.fields import Member, Words
from hub.formats.structure.json.nesting import Many, Single
from hub.formats.structure.json.shaped import object_of
from hub.formats.structure.ml import constraint as in_ml
from hub.formats.structure.shape import (
    ALL,
    IN_21,
    IN_30,
    IN_31,
    IN_ML,
    SINCE_3,
    ArtefactShape,
    Box,
    Chosen,
    Constant,
    Forms,
    Has,
    HasMany,
    Notes,
    Part,
    RefersTo,
    Shape,
    Special,
    Word,
    WordList,
)
from hub.formats.structure.shapes.regions import (
    KEY_SET,
    METADATA_KEY_SET,
    METADATA_REGION,
    METADATA_REGION_21,
    REGION,
    SET,
)
from hub.model import (
    ArtefactClass,
    AttachmentConstraint,
    DataConstraint,
    MetadataConstraint,
    QueryableSource,
    ReleaseCalendar,
)

_ONLY_10: Forms = frozenset({JSON_10})
_OF_DATA = (
    ArtefactClass.DATA_STRUCTURE,
    ArtefactClass.DATAFLOW,
    ArtefactClass.PROVISION_AGREEMENT,
)
_OF_METADATA = (
    ArtefactClass.METADATA_STRUCTURE,
    ArtefactClass.METADATAFLOW,
    ArtefactClass.METADATA_PROVISION_AGREEMENT,
    ArtefactClass.METADATA_SET,
)
_OF_21 = (*_OF_DATA, ArtefactClass.METADATA_STRUCTURE, ArtefactClass.METADATAFLOW)

_SOURCE = Shape(
    make=QueryableSource,
    parts=(
        Word("is_rest", "isRESTDatasource", kind=bool, required=True),
        Word("is_web_service", "isWebServiceDatasource", kind=bool, required=True),
        Word("url", "com:DataURL", required=True),
        Word("wsdl", "com:WSDLURL", key="wsdlURL"),
        Word("wadl", "com:WADLURL", key="wadlURL"),
    ),
)
_CALENDAR = Shape(
    make=ReleaseCalendar,
    parts=(
        Word("periodicity", "Periodicity", required=True),
        Word("offset", "Offset", required=True),
        Word("tolerance", "Tolerance", required=True),
    ),
)


def _calendar(forms: Forms) -> Part:
    return Has("calendar", "ReleaseCalendar", forms=forms, spare=True, shape=_CALENDAR)


def _targets(classes: tuple[ArtefactClass, ...], forms: Forms) -> Part:
    return Special(
        "targets",
        "",
        forms=forms,
        in_ml=lambda dialect: in_ml.Targets(dialect, classes),
        in_json=lambda _: in_json.Targets(classes),
    )


def _sets(name: str, tag: str, *, single_in_10: bool) -> tuple[Part, ...]:
    """Data sets or metadata sets, which 2.1 alone has; JSON 1.0 takes but one in some places."""
    key = f"{tag[0].lower()}{tag[1:]}"

    def in_10(form: StructureForm) -> Member:
        return in_json.OneOrMany(Many(name, key, object_of(SET, form)), is_single=True)

    if not single_in_10:
        return (HasMany(name, tag, key=f"{key}s", forms=IN_21, shape=SET),)
    return (
        HasMany(name, tag, forms=IN_21 - _ONLY_10, shape=SET),
        Special(name, "", forms=_ONLY_10, in_json=in_10),
    )


def _sources(*, single_in_10: bool) -> tuple[Part, ...]:
    tag, key = "SimpleDataSource", "simpleDataSources"

    def in_10(_: StructureForm) -> Member:
        return in_json.OneOrMany(Words("simple_sources", key[:-1]), is_single=True)

    everywhere = IN_21 | IN_30
    if not single_in_10:
        return (WordList("simple_sources", tag, key=key, forms=everywhere, spare=True),)
    return (
        WordList("simple_sources", tag, key=key, forms=everywhere - _ONLY_10, spare=True),
        Special("simple_sources", "", forms=_ONLY_10, in_json=in_10),
    )


def _provider(tag: str, cls: ArtefactClass) -> Part:
    return RefersTo("provider", tag, classes=(cls,), to_item=True)


def _attachment(*parts: Part) -> Box:
    return Box("targets", "ConstraintAttachment", parts=parts)


_QUERYABLE = HasMany(
    "queryable_sources",
    "QueryableDataSource",
    key="queryableDataSources",
    forms=IN_21 | IN_30,
    spare=True,
    shape=_SOURCE,
)
_KEY_SETS = HasMany("key_sets", "DataKeySet", key="dataKeySets", shape=KEY_SET)
_METADATA_KEY_SETS = HasMany(
    "metadata_key_sets",
    "MetadataKeySet",
    key="metadataKeySets",
    forms=IN_21,
    shape=METADATA_KEY_SET,
)
_DATA = ArtefactShape(
    make=DataConstraint,
    tag="DataConstraint",
    tag_21="ContentConstraint",
    array="dataConstraints",
    array_10="contentConstraints",
    container_21="Constraints",
    parts=(
        Chosen("role", "type", texts=wire.ROLES, default=wire.ACTUAL, forms=IN_21),
        Chosen("role", "role", texts=wire.ROLES, default=wire.ALLOWED, forms=IN_30, in_stubs=ALL),
        # 3.1 tells the role by the kind of the constraint, 3.x the period by its key values
        Special("role", "", forms=IN_31),
        Special("start", "", forms=SINCE_3),
        _attachment(
            _provider("DataProvider", ArtefactClass.DATA_PROVIDER_SCHEME),
            *_sets("data_sets", "DataSet", single_in_10=True),
            *_sets("metadata_sets", "MetadataSet", single_in_10=True),
            *_sources(single_in_10=True),
            _targets(_OF_21, IN_21),
            _targets(_OF_DATA, SINCE_3),
            _QUERYABLE,
        ),
        _calendar(IN_30),
        _KEY_SETS,
        _METADATA_KEY_SETS,
        HasMany("regions", "CubeRegion", key="cubeRegions", shape=REGION),
        HasMany(
            "metadata_regions",
            "MetadataTargetRegion",
            key="metadataTargetRegions",
            forms=IN_21,
            shape=METADATA_REGION_21,
        ),
        _calendar(IN_21),
        Special(
            "start",
            "",
            forms=IN_21,
            in_ml=lambda _: in_ml.ReferencePeriod(),
            in_json=lambda _: in_json.ReferencePeriod(),
        ),
    ),
    to_wire=wire.to_wire,
    from_wire=wire.from_wire,
)
SHAPES = (
    _DATA,
    ArtefactShape(
        make=MetadataConstraint,
        tag="MetadataConstraint",
        array="metadataConstraints",
        forms=SINCE_3,
        parts=(
            Constant("", "role", text=wire.ALLOWED, forms=IN_30, in_stubs=ALL),
            _attachment(
                _provider("MetadataProvider", ArtefactClass.METADATA_PROVIDER_SCHEME),
                *_sources(single_in_10=False),
                _targets(_OF_METADATA, IN_30),
                _targets(_OF_METADATA[:-1], IN_31),
                _QUERYABLE,
            ),
            _calendar(IN_30),
            HasMany(
                "regions",
                "MetadataTargetRegion",
                key="metadataTargetRegions",
                shape=METADATA_REGION,
            ),
        ),
    ),
    ArtefactShape(
        make=AttachmentConstraint,
        tag="AttachmentConstraint",
        array="attachmentConstraints",
        container_21="Constraints",
        forms=IN_21,
        parts=(
            _attachment(
                *_sets("data_sets", "DataSet", single_in_10=False),
                *_sets("metadata_sets", "MetadataSet", single_in_10=False),
                *_sources(single_in_10=False),
                _targets(_OF_21, IN_21),
            ),
            _KEY_SETS,
            _METADATA_KEY_SETS,
        ),
    ),
)


def _only_region(form: StructureForm) -> Member:
    return Single("regions", "cubeRegion", object_of(REGION, form))


def _only_target(form: StructureForm) -> Member:
    return in_json.Targets(_OF_DATA, many=False)


#: The answer to an availability query in 3.1, which is no maintainable artefact.
AVAILABILITY = Shape(
    make=wire.availability,
    parts=(
        Word("series_count", "seriesCount", kind=int),
        Word("obs_count", "obsCount", kind=int),
        Notes(),
        _attachment(
            Special(
                "targets",
                "",
                in_ml=lambda dialect: in_ml.Targets(dialect, _OF_DATA),
                in_json=_only_target,
            )
        ),
        HasMany("regions", "CubeRegion", forms=IN_ML, shape=REGION),
        Special("regions", "", forms=IN_31 - IN_ML, in_json=_only_region),
    ),
    to_wire=wire.to_availability,
    from_wire=wire.from_availability,
)
