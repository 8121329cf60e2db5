"""How the schemes of the Validation and Transformation Language look; SDMX-JSON 1.0 has none."""

from __future__ import annotations

from hub.formats.structure.form import JSON_10, ML_21
from hub.formats.structure.shape import (
    ALL,
    ID,
    ArtefactShape,
    Box,
    Flag,
    Has,
    HasMany,
    Named,
    Part,
    RefersTo,
    Shape,
    Word,
    WordList,
)
from hub.model import (
    ArtefactClass,
    CustomType,
    CustomTypeScheme,
    Item,
    Maintainable,
    NamePersonalisation,
    NamePersonalisationScheme,
    Ruleset,
    RulesetScheme,
    SpaceMapping,
    Transformation,
    TransformationScheme,
    UserDefinedOperator,
    UserDefinedOperatorScheme,
    VtlMapping,
    VtlMappingScheme,
)

_VERSION = Word("vtl_version", "vtlVersion", required=True, in_stubs=ALL)


def _scheme(
    make: type[Maintainable], item: type[Item], contents: tuple[Part, ...], *more: Part
) -> ArtefactShape:
    """A scheme with its items, after which it names the schemes it draws on."""
    tag, name = make.artefact_class.class_name, item.__name__
    array = f"{tag[0].lower()}{tag[1:]}s"
    key = f"{name[0].lower()}{name[1:]}s"
    items = HasMany("items", name, key=key, shape=Shape(make=item, parts=(ID, Named(), *contents)))
    return ArtefactShape(
        make=make,
        tag=tag,
        array=array,
        container_21=f"{name}s",
        forms=ALL - {JSON_10},
        has_partial=True,
        parts=(items, *more),
    )


def _scheme_of(name: str, cls: ArtefactClass, *, many: bool = False) -> RefersTo:
    tag = cls.class_name
    key = f"{tag[0].lower()}{tag[1:]}s" if many else ""
    return RefersTo(name, tag, key=key, classes=(cls,), many=many)


_MAPPINGS = _scheme_of("mapping_scheme", ArtefactClass.VTL_MAPPING_SCHEME)
_RULESETS = _scheme_of("ruleset_schemes", ArtefactClass.RULESET_SCHEME, many=True)
_OPERATORS = ArtefactClass.USER_DEFINED_OPERATOR_SCHEME


def _space(tag: str) -> Shape:
    keys = Box("keys", tag, parts=(WordList("keys", "Key", key="keys"),))
    return Shape(make=SpaceMapping, parts=(Word("method", "method"), keys))


SHAPES = (
    _scheme(
        CustomTypeScheme,
        CustomType,
        (
            Word("scalar_type", "VtlScalarType", required=True),
            Word("data_type", "DataType", required=True),
            Word("literal_format", "VtlLiteralFormat"),
            Word("output_format", "OutputFormat"),
            Word("null_value", "NullValue"),
        ),
        _VERSION,
    ),
    _scheme(
        VtlMappingScheme,
        VtlMapping,
        (
            Word("alias", "alias", required=True),
            RefersTo("dataflow", "Dataflow", classes=(ArtefactClass.DATAFLOW,)),
            Flag("is_generic", "GenericDataflow"),
            Has("to_vtl", "ToVtlMapping", shape=_space("ToVtlSubSpace")),
            Has("from_vtl", "FromVtlMapping", shape=_space("FromVtlSuperSpace")),
            RefersTo("codelist", "Codelist", classes=(ArtefactClass.CODELIST,)),
            RefersTo(
                "concept_scheme",
                "ConceptScheme",
                classes=(ArtefactClass.CONCEPT_SCHEME,),
                forms=frozenset({ML_21}),
            ),
            RefersTo("concept", "Concept", classes=(ArtefactClass.CONCEPT_SCHEME,), to_item=True),
        ),
    ),
    _scheme(
        NamePersonalisationScheme,
        NamePersonalisation,
        (
            Word("artefact", "vtlArtefact", required=True),
            Word("default_name", "VtlDefaultName", required=True),
            Word("personal_name", "PersonalisedName", required=True),
        ),
        _VERSION,
    ),
    _scheme(
        RulesetScheme,
        Ruleset,
        (
            Word("ruleset_type", "rulesetType", required=True),
            Word("scope", "rulesetScope", required=True),
            Word("definition", "RulesetDefinition", required=True),
        ),
        _VERSION,
        _MAPPINGS,
    ),
    _scheme(
        TransformationScheme,
        Transformation,
        (
            Word("is_persistent", "isPersistent", kind=bool, required=True),
            Word("expression", "Expression", required=True),
            Word("result", "Result", required=True),
        ),
        _VERSION,
        _MAPPINGS,
        _scheme_of("name_scheme", ArtefactClass.NAME_PERSONALISATION_SCHEME),
        _scheme_of("type_scheme", ArtefactClass.CUSTOM_TYPE_SCHEME),
        _RULESETS,
        _scheme_of("operator_schemes", _OPERATORS, many=True),
    ),
    _scheme(
        UserDefinedOperatorScheme,
        UserDefinedOperator,
        (Word("definition", "OperatorDefinition", required=True),),
        _VERSION,
        _MAPPINGS,
        _RULESETS,
    ),
)
