"""How the maps of SDMX 3.x look: of structures, of values, of item schemes."""

from __future__ import annotations

from hub.formats.structure.json import mapping as in_json
from hub.formats.structure.ml import mapping as in_ml
from hub.formats.structure.onetoone import with_promise, without_promise
from hub.formats.structure.shape import (
    ALL,
    SINCE_3,
    ArtefactShape,
    Content,
    Has,
    HasMany,
    Moment,
    Notes,
    Part,
    RefersTo,
    Shape,
    Special,
    Word,
    WordList,
)
from hub.formats.structure.shapes.codelists import LISTS
from hub.model import (
    ORGANISATION_SCHEMES,
    ArtefactClass,
    CategorySchemeMap,
    ComponentMap,
    ConceptSchemeMap,
    DatePatternMap,
    EpochMap,
    FixedValueMap,
    FrequencyFormat,
    ItemMap,
    ItemSchemeMap,
    MappedValue,
    OrganisationSchemeMap,
    ReportingTaxonomyMap,
    RepresentationMap,
    StructureMap,
    ValueMapping,
)

_SIDES = (
    ArtefactClass.DATA_STRUCTURE,
    ArtefactClass.DATAFLOW,
    ArtefactClass.METADATA_STRUCTURE,
    ArtefactClass.METADATAFLOW,
)
_VALIDITY = (
    Moment("valid_from", "validFrom", is_instant=False),
    Moment("valid_to", "validTo", is_instant=False),
)
_VALUE = Shape(
    make=MappedValue,
    parts=(
        Content("value", "value"),
        Word("is_pattern", "isRegEx", kind=bool, implied=False),
        Word("start", "startIndex", kind=int),
        Word("end", "endIndex", kind=int),
    ),
)


def _columns(name: str, side: str) -> Special:
    return Special(
        name,
        "",
        in_stubs=ALL,
        in_ml=lambda _: in_ml.Columns(name, side, *LISTS),
        in_json=lambda _: in_json.Columns(name, side.lower(), *LISTS),
    )


_ROW = Shape(
    make=ValueMapping,
    parts=(
        *_VALIDITY,
        Notes(),
        HasMany("sources", "SourceValue", key="sourceValues", shape=_VALUE),
        WordList("targets", "TargetValue", key="targetValues"),
    ),
)
_ITEM = Shape(
    make=ItemMap,
    parts=(
        *_VALIDITY,
        Notes(),
        Has("source", "SourceValue", required=True, shape=_VALUE),
        Word("target", "TargetValue"),
    ),
)


def _time(*more: Part) -> tuple[Part, ...]:
    """The parts of a map between times around those of its kind."""
    return (
        Word("id", "id"),
        *more,
        Word("resolve", "resolvePeriod"),
        Notes(),
        Special(
            "components",
            "",
            in_ml=lambda _: in_ml.Pairs("components"),
            in_json=lambda _: in_json.Pairs("components"),
        ),
        Word("frequency_dimension", "FrequencyDimension"),
        WordList("mapped", "MappedFrequencies"),
        Word("target_frequency", "TargetFrequencyID"),
    )


_EPOCH = Shape(
    make=EpochMap,
    parts=_time(
        Word("base", "basePeriod", required=True), Word("unit", "epochPeriod", required=True)
    ),
)
_DATES = Shape(
    make=DatePatternMap,
    parts=_time(
        Word("pattern", "sourcePattern", required=True), Word("locale", "locale", required=True)
    ),
)
_FREQUENCY = Shape(
    make=FrequencyFormat,
    parts=(
        Word("id", "id"),
        Notes(),
        Word("frequency", "FrequencyId", required=True),
        Word("pattern", "DatePattern", required=True),
    ),
)
_COMPONENT = Shape(
    make=ComponentMap,
    parts=(
        Notes(),
        WordList("sources", "Source", required=True),
        WordList("targets", "Target", required=True),
        RefersTo("values", "RepresentationMap", classes=(ArtefactClass.REPRESENTATION_MAP,)),
    ),
)
_FIXED = Shape(
    make=FixedValueMap,
    parts=(
        Notes(),
        Word("source", "Source"),
        Word("target", "Target"),
        WordList("values", "Value", key="values"),
    ),
)


def _sides(*classes: ArtefactClass) -> tuple[Part, Part]:
    """Source and target; the schemas want them in stubs too."""
    return (
        RefersTo("source", "Source", classes=classes, required=True, in_stubs=ALL),
        RefersTo("target", "Target", classes=classes, required=True, in_stubs=ALL),
    )


def _scheme_map(make: type[ItemSchemeMap], *classes: ArtefactClass) -> ArtefactShape:
    tag = make.artefact_class.class_name
    return ArtefactShape(
        make=make,
        tag=tag,
        array=f"{tag[0].lower()}{tag[1:]}s",
        forms=SINCE_3,
        parts=(*_sides(*classes), HasMany("items", "ItemMap", key="itemMaps", shape=_ITEM)),
    )


SHAPES = (
    ArtefactShape(
        make=StructureMap,
        tag="StructureMap",
        array="structureMaps",
        forms=SINCE_3,
        parts=(
            *_sides(*_SIDES),
            HasMany("epochs", "EpochMap", key="epochMaps", shape=_EPOCH),
            HasMany("dates", "DatePatternMap", key="datePatternMaps", shape=_DATES),
            HasMany(
                "frequencies",
                "FrequencyFormatMapping",
                key="frequencyFormatMappings",
                shape=_FREQUENCY,
            ),
            HasMany("components", "ComponentMap", key="componentMaps", shape=_COMPONENT),
            HasMany("fixed", "FixedValueMap", key="fixedValueMaps", shape=_FIXED),
        ),
    ),
    ArtefactShape(
        make=RepresentationMap,
        tag="RepresentationMap",
        array="representationMaps",
        forms=SINCE_3,
        parts=(
            _columns("sources", "Source"),
            _columns("targets", "Target"),
            HasMany("mappings", "RepresentationMapping", key="representationMappings", shape=_ROW),
        ),
        to_wire=with_promise,
        from_wire=without_promise,
    ),
    _scheme_map(ConceptSchemeMap, ArtefactClass.CONCEPT_SCHEME),
    _scheme_map(CategorySchemeMap, ArtefactClass.CATEGORY_SCHEME),
    _scheme_map(OrganisationSchemeMap, *ORGANISATION_SCHEMES),
    _scheme_map(ReportingTaxonomyMap, ArtefactClass.REPORTING_TAXONOMY),
)
