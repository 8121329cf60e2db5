"""The table of data structure definitions in SDMX-JSON."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hub.formats.structure.components import (
    ASSIGNMENT,
    PRIMARY_MEASURE,
    USAGE,
    primary_measure,
    time_last,
)
from hub.formats.structure.fault import Fault
from hub.formats.structure.form import JSON_21, Model, StructureForm
from hub.formats.structure.json.fields import (
    Choice,
    Context,
    Found,
    Json,
    Member,
    Plain,
    Refers,
    Words,
    array,
    under,
    wanted,
)
from hub.formats.structure.json.nesting import Many, Nested, Object, Single
from hub.formats.structure.json.parts import STATUS, maintainable, notes
from hub.formats.structure.json.representation import Represented
from hub.formats.structure.languages import Languages
from hub.formats.structure.shapes.codelists import LISTS
from hub.model import (
    TIME_PERIOD,
    ArtefactClass,
    Attachment,
    DataStructure,
    Dimension,
    Group,
    MetadataUsage,
)
from hub.model import Attribute as DataAttribute
from hub.model import Measure as DataMeasure
from hub.model.urn import NCNAME_ID


def data_structure(form: StructureForm) -> Object:
    """A data structure definition."""
    is_21 = form.model is Model.V21
    time = _dimension(form, is_time=True)
    times: Member = (
        Many("dimensions", "timeDimensions", time, lambda dim: dim.is_time)
        if is_21
        else Single("dimensions", "timeDimension", time, lambda dim: dim.is_time)
    )
    plain = Many(
        "dimensions", "dimensions", _dimension(form, is_time=False), lambda dim: not dim.is_time
    )
    measures: Member = (
        Single("measures", "primaryMeasure", _measure(form))
        if is_21
        else Many("measures", "measures", _measure(form))
    )
    attributes: list[Member] = [Many("attributes", "attributes", _attribute(form))]
    if not is_21:
        attributes.append(Many("usages", "metadataAttributeUsages", _usage(form)))
    parts = [
        _list("dimension", plain, times),
        Many("groups", "groups", _group(form)),
        _list("attribute", *attributes),
        _list("measure", measures),
    ]
    contents: list[Member] = [Nested("dataStructureComponents", parts)]
    if not is_21:
        contents.append(Refers("metadata", "metadata", ArtefactClass.METADATA_STRUCTURE))
    if form == JSON_21:
        contents.append(Plain("is_evolving", "evolvingStructure", bool, implied=False))
    return Object(
        DataStructure,
        maintainable(form, ArtefactClass.DATA_STRUCTURE, contents),
        ignored=STATUS,
        from_wire=time_last,
    )


def _list(kind: str, *members: Member) -> Nested:
    return Nested(
        f"{kind}List",
        members,
        fixed={"id": f"{kind.title()}Descriptor"},
        ignored={"annotations"},
    )


def _component(
    form: StructureForm,
    make: Callable[..., Any],
    representation: Represented,
    *more: Member,
    default_id: str | None = None,
    has_roles: bool = True,
) -> Object:
    def identified(**given: Any) -> Any:
        given.setdefault("id", default_id or given["concept"].item)
        return make(**given)

    concepts = ArtefactClass.CONCEPT_SCHEME
    members: list[Member] = [
        Plain("id", "id", pattern=NCNAME_ID),
        Refers("concept", "conceptIdentity", concepts, to_item=True, required=True),
        representation,
    ]
    if has_roles:
        members.append(Refers("roles", "conceptRoles", concepts, to_item=True, many=True))
    members += [*more, notes(form)]
    return Object(identified, members, ignored={"position", "type"})


def _dimension(form: StructureForm, *, is_time: bool) -> Object:
    def make(**given: Any) -> Dimension:
        return Dimension(is_time=is_time, **given)

    representation = Represented(form, "localRepresentation", *LISTS, is_time=is_time)
    default = TIME_PERIOD if is_time else None
    return _component(form, make, representation, default_id=default, has_roles=not is_time)


def _measure(form: StructureForm) -> Object:
    is_21 = form.model is Model.V21
    representation = Represented(
        form, "localRepresentation", *LISTS, occurs=True, multilingual=not is_21
    )
    if is_21:
        return _component(
            form, primary_measure, representation, default_id=PRIMARY_MEASURE, has_roles=False
        )
    usage = Choice("is_mandatory", "usage", USAGE, default="optional")
    return _component(form, DataMeasure, representation, usage)


def _attribute(form: StructureForm) -> Object:
    is_21 = form.model is Model.V21
    representation = Represented(
        form, "localRepresentation", *LISTS, occurs=True, multilingual=not is_21
    )
    more: list[Member] = [Relationship(form)]
    if is_21:
        more.append(Choice("is_mandatory", "assignmentStatus", ASSIGNMENT))
    else:
        more.append(Words("measures", "measureRelationship"))
        more.append(Choice("is_mandatory", "usage", USAGE, default="optional"))
    return _component(form, DataAttribute, representation, *more)


def _usage(form: StructureForm) -> Object:
    reference = Plain("attribute", "metadataAttributeReference", required=True)
    return Object(MetadataUsage, [reference, Relationship(form), notes(form)])


def _group(form: StructureForm) -> Object:
    dimensions = Words("dimensions", "groupDimensions", required=True)
    return Object(Group, [Plain("id", "id", required=True), dimensions, notes(form)])


class Relationship(Member):
    """The attribute relationship: what in a data set an attribute is attached to.

    SDMX-JSON 1.0 says none and primaryMeasure where 2.x says dataflow and observation.
    """

    keys = ("attributeRelationship",)

    def __init__(self, form: StructureForm) -> None:
        is_21 = form.model is Model.V21
        self.dataset = "none" if is_21 else "dataflow"
        self.observation = "primaryMeasure" if is_21 else "observation"
        self.on_observation: str | Json = PRIMARY_MEASURE if is_21 else {}

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        match value.attachment:
            case Attachment.DIMENSIONS:
                spelt: Json = {"dimensions": list(value.dimensions)}
            case Attachment.GROUP:
                spelt = {"group": value.group}
            case Attachment.DATASET:
                spelt = {self.dataset: {}}
            case _:
                spelt = {self.observation: self.on_observation}
        into[self.keys[0]] = spelt

    def read(self, given: Json, found: Found, context: Context) -> None:
        with under(self.keys[0]):
            relation = wanted(given.get(self.keys[0]), dict, "an object")
            if self.dataset in relation:
                found["attachment"] = Attachment.DATASET
            elif self.observation in relation:
                found["attachment"] = Attachment.OBSERVATION
            elif "dimensions" in relation:
                found["attachment"] = Attachment.DIMENSIONS
                named = array(relation, "dimensions")
                found["dimensions"] = [wanted(name, str, "an id") for name in named]
            elif "group" in relation:
                found["attachment"] = Attachment.GROUP
                found["group"] = wanted(relation["group"], str, "an id")
            else:
                known = f"{self.dataset}, dimensions, group or {self.observation}"
                raise Fault(f"{known} is wanted here")
