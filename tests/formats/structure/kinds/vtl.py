"""Schemes of the Validation and Transformation Language."""

from __future__ import annotations

from hub.model import (
    ArtefactClass,
    CustomType,
    CustomTypeScheme,
    NamePersonalisation,
    NamePersonalisationScheme,
    Reference,
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
from tests.formats.structure.kinds.said import (
    CODES,
    CONCEPTS,
    FLOW,
    about,
    item,
    to,
)


def _vtl(cls: ArtefactClass) -> Reference:
    return to(cls, f"VTL_{cls.name}")


VTL_MAPPINGS = VtlMappingScheme(
    **about("VTL_MAP"),
    items=(
        VtlMapping(
            **item("M1"),
            alias="DS_1",
            dataflow=FLOW,
            to_vtl=SpaceMapping(method="Pivot", keys=("FREQ", "AREA")),
            from_vtl=SpaceMapping(method="Unpivot", keys=("FREQ",)),
        ),
        VtlMapping(**item("M2"), alias="ANY", is_generic=True, to_vtl=SpaceMapping(method="Basic")),
        VtlMapping(**item("M3"), alias="LIST", codelist=CODES),
        VtlMapping(**item("M4"), alias="CONCEPT", concept=CONCEPTS.item("FREQ")),
    ),
)
VTL_MAPPINGS_21 = VtlMappingScheme(
    **about("VTL_MAP_21"),
    items=(VtlMapping(**item("M5"), alias="CONCEPTS", concept_scheme=CONCEPTS),),
)
VTL = (
    VTL_MAPPINGS,
    CustomTypeScheme(
        **about("VTL_TYPES"),
        vtl_version="2.0",
        items=(
            CustomType(
                **item("T1"),
                scalar_type="number",
                data_type="Float",
                literal_format="9",
                output_format="0.0",
                null_value="NaN",
            ),
            CustomType(**item("T2"), scalar_type="string", data_type="String"),
        ),
    ),
    NamePersonalisationScheme(
        **about("VTL_NAMES"),
        vtl_version="2.0",
        items=(
            NamePersonalisation(
                **item("N1"), default_name="int_var", personal_name="x", artefact="variable"
            ),
        ),
    ),
    RulesetScheme(
        **about("VTL_RULES"),
        vtl_version="2.0",
        mapping_scheme=VTL_MAPPINGS.reference,
        items=(
            Ruleset(
                **item("R1"),
                definition="define datapoint ruleset r (variable x) is x > 0 end",
                ruleset_type="datapoint",
                scope="variable",
            ),
        ),
    ),
    UserDefinedOperatorScheme(
        **about("VTL_OPS"),
        vtl_version="2.0",
        mapping_scheme=VTL_MAPPINGS.reference,
        ruleset_schemes=(to(ArtefactClass.RULESET_SCHEME, "VTL_RULES"),),
        items=(UserDefinedOperator(**item("O1"), definition="define operator f (x) is x end"),),
    ),
    TransformationScheme(
        **about("VTL_PROG"),
        vtl_version="2.0",
        mapping_scheme=VTL_MAPPINGS.reference,
        name_scheme=to(ArtefactClass.NAME_PERSONALISATION_SCHEME, "VTL_NAMES"),
        type_scheme=to(ArtefactClass.CUSTOM_TYPE_SCHEME, "VTL_TYPES"),
        ruleset_schemes=(to(ArtefactClass.RULESET_SCHEME, "VTL_RULES"),),
        operator_schemes=(to(ArtefactClass.USER_DEFINED_OPERATOR_SCHEME, "VTL_OPS"),),
        items=(
            Transformation(
                **item("S1"), expression="DS_1 + 1 <= 2", result="DS_2", is_persistent=True
            ),
            Transformation(**item("S2"), expression="DS_2", result="DS_3"),
        ),
    ),
)
