"""Schemes of the Validation and Transformation Language."""

from __future__ import annotations

from hub.model import (
    CustomType,
    CustomTypeScheme,
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
from tests.tck.agency.data import (
    FLOW,
    SEX_LIST,
)
from tests.tck.agency.said import (
    about,
    item,
)

VTL_MAPPINGS = VtlMappingScheme(
    **about("VTL_MAPPINGS"),
    items=(
        VtlMapping(
            **item("V1"),
            alias="DS",
            dataflow=FLOW.reference,
            to_vtl=SpaceMapping(method="Basic", keys=("SEX",)),
        ),
        VtlMapping(**item("V2"), alias="SEXES", codelist=SEX_LIST.reference),
    ),
)
RULESETS = RulesetScheme(
    **about("RULESETS"),
    vtl_version="2.0",
    mapping_scheme=VTL_MAPPINGS.reference,
    items=tuple(
        Ruleset(
            **item(id_),
            definition=f"define datapoint ruleset {id_} (variable OBS_VALUE) is OBS_VALUE > 0 end",
            ruleset_type="datapoint",
            scope="variable",
        )
        for id_ in ("POSITIVE", "PRESENT")
    ),
)
OPERATORS = UserDefinedOperatorScheme(
    **about("OPERATORS"),
    vtl_version="2.0",
    ruleset_schemes=(RULESETS.reference,),
    items=tuple(
        UserDefinedOperator(**item(id_), definition=f"define operator {id_} (x number) is x end")
        for id_ in ("SAME", "EQUAL")
    ),
)
TYPES = CustomTypeScheme(
    **about("TYPES"),
    vtl_version="2.0",
    items=(
        CustomType(**item("NUMBER"), scalar_type="number", data_type="Double"),
        CustomType(**item("TEXT"), scalar_type="string", data_type="String"),
    ),
)
NAMES = NamePersonalisationScheme(
    **about("NAMES"),
    vtl_version="2.0",
    items=tuple(
        NamePersonalisation(
            **item(id_), default_name=f"{id_}_var", personal_name=id_, artefact="variable"
        )
        for id_ in ("int", "bool")
    ),
)
PROGRAM = TransformationScheme(
    **about("PROGRAM"),
    vtl_version="2.0",
    mapping_scheme=VTL_MAPPINGS.reference,
    name_scheme=NAMES.reference,
    type_scheme=TYPES.reference,
    ruleset_schemes=(RULESETS.reference,),
    operator_schemes=(OPERATORS.reference,),
    items=(
        Transformation(**item("T1"), expression="DS + 1", result="DS_1", is_persistent=True),
        Transformation(**item("T2"), expression="DS_1 * 2", result="DS_2"),
    ),
)
