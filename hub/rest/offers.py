"""What each resource is offered as, by API version, in order of preference; the first is default.

API 2.x puts its own formats first, newest first, and offers those of SDMX 2.1 after them; 1.x
offers what belongs to SDMX 2.1 (SDMX REST 2.2, "Content negotiation").
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TypeVar

from hub.formats.bulk import FORMS as BULK_FORMS
from hub.formats.bulk import BulkForm
from hub.formats.data import FORMS as DATA_FORMS
from hub.formats.data import DataForm, Family
from hub.formats.metadata import FORMS as METADATA_FORMS
from hub.formats.metadata import MetadataForm
from hub.formats.registry import FORMS as REGISTRY_FORMS
from hub.formats.registry import REGISTRY_21, RegistryForm
from hub.formats.schema import FORMS as SCHEMA_FORMS
from hub.formats.schema import SchemaForm
from hub.formats.structure import FORMS as STRUCTURE_FORMS
from hub.formats.structure import StructureForm
from hub.rest.media_type import parse_media_type
from hub.rest.negotiation import Choice, Offer

F = TypeVar("F")

#: What data is written as: an SDMX message, or bare columns.
Form = DataForm | BulkForm

_P = "application/vnd.sdmx."
_DATA_V1 = (
    f"{_P}genericdata+xml;version=2.1",
    f"{_P}structurespecificdata+xml;version=2.1",
    f"{_P}generictimeseriesdata+xml;version=2.1",
    f"{_P}structurespecifictimeseriesdata+xml;version=2.1",
    f"{_P}data+json;version=1.0.0",
    f"{_P}data+csv;version=1.0.0",
)
_DATA_V2 = (
    f"{_P}data+json;version=2.1.0",
    f"{_P}data+json;version=2.0.0",
    f"{_P}data+xml;version=3.1.0",
    f"{_P}data+xml;version=3.0.0",
    f"{_P}data+csv;version=2.1.0",
    f"{_P}data+csv;version=2.0.0",
    *_DATA_V1,
    *(form.media_type for form in BULK_FORMS),
)
_STRUCTURE_V1 = (f"{_P}structure+xml;version=2.1", f"{_P}structure+json;version=1.0.0")
_STRUCTURE_V2 = (
    f"{_P}structure+json;version=2.1.0",
    f"{_P}structure+json;version=2.0.0",
    f"{_P}structure+xml;version=3.1.0",
    f"{_P}structure+xml;version=3.0.0",
    *_STRUCTURE_V1,
)
_SCHEMA_V1 = (f"{_P}schema+xml;version=2.1", *_STRUCTURE_V1)
_SCHEMA_V2 = (
    f"{_P}schema+json;version=2.1.0",
    f"{_P}schema+json;version=2.0.0",
    f"{_P}schema+xml;version=3.1.0",
    f"{_P}schema+xml;version=3.0.0",
    *(name for name in _STRUCTURE_V2 if name not in _STRUCTURE_V1),
    *_SCHEMA_V1,
)
_METADATA_V1 = (
    f"{_P}genericmetadata+xml;version=2.1",
    f"{_P}structurespecificmetadata+xml;version=2.1",
)
_METADATA_V2 = (
    f"{_P}metadata+json;version=2.1.0",
    f"{_P}metadata+json;version=2.0.0",
    f"{_P}metadata+xml;version=3.1.0",
    f"{_P}metadata+xml;version=3.0.0",
    f"{_P}metadata+csv;version=2.1.0",
    f"{_P}metadata+csv;version=2.0.0",
    *_METADATA_V1,
)


@cache
def data_offers(major: int) -> tuple[Offer[Form], ...]:
    """What data is offered as; the bulk forms on 2.x only, and never unless named."""
    everything: tuple[Form, ...] = (*DATA_FORMS, *BULK_FORMS)
    forms = {form.media_type: form for form in everything}
    return _offers(_DATA_V1 if major == 1 else _DATA_V2, forms)


@cache
def structure_offers(major: int) -> tuple[Offer[StructureForm], ...]:
    """What structures and availability are offered as."""
    forms = {form.media_type: form for form in STRUCTURE_FORMS}
    return _offers(_STRUCTURE_V1 if major == 1 else _STRUCTURE_V2, forms)


@cache
def schema_offers(major: int) -> tuple[Offer[SchemaForm | StructureForm], ...]:
    """What a schema is offered as; the structures that say the same come after schemas."""
    everything: tuple[SchemaForm | StructureForm, ...] = (*SCHEMA_FORMS, *STRUCTURE_FORMS)
    forms = {form.media_type: form for form in everything}
    return _offers(_SCHEMA_V1 if major == 1 else _SCHEMA_V2, forms)


@cache
def metadata_offers(major: int) -> tuple[Offer[MetadataForm], ...]:
    """What metadata sets are offered as."""
    forms = {form.media_type: form for form in METADATA_FORMS}
    return _offers(_METADATA_V1 if major == 1 else _METADATA_V2, forms)


def metadata_form(choice: Choice[MetadataForm]) -> MetadataForm:
    """The form that was chosen, with the labels of SDMX-CSV that were asked for."""
    form = choice.offer.form
    return replace(form, labels=choice.options.get("labels", form.labels))


@cache
def metadata_schema_offers(major: int) -> tuple[Offer[SchemaForm | StructureForm], ...]:
    """What a schema of metadata is offered as: SDMX-ML 2.1 alone has one, and structures."""
    everything: tuple[SchemaForm | StructureForm, ...] = (*SCHEMA_FORMS, *STRUCTURE_FORMS)
    forms = {form.media_type: form for form in everything}
    structures = _STRUCTURE_V1 if major == 1 else _STRUCTURE_V2
    return _offers((f"{_P}schema+xml;version=2.1", *structures), forms)


@cache
def registry_offers() -> tuple[Offer[RegistryForm], ...]:
    """What registrations are offered as."""
    return tuple(Offer(parse_media_type(form.media_type), form) for form in REGISTRY_FORMS)


@cache
def structure_result_offers() -> tuple[Offer[RegistryForm], ...]:
    """What is offered to those who hand in structures: the results, also for readers of 2.1."""
    oldest = Offer(parse_media_type(REGISTRY_21.media_type), REGISTRY_21)
    return (*registry_offers(), oldest)


def _offers(names: tuple[str, ...], forms: dict[str, F]) -> tuple[Offer[F], ...]:
    return tuple(Offer(parse_media_type(name), forms[name]) for name in names if name in forms)


def data_form(choice: Choice[Form]) -> Form:
    """The form that was chosen, with the options of SDMX-CSV that were asked for."""
    options, form = choice.options, choice.offer.form
    if isinstance(form, BulkForm):
        return form
    return replace(
        form,
        labels=options.get("labels", form.labels),
        keys=options.get("keys", form.keys),
        time_format=options.get("timeFormat", form.time_format),
    )


def is_flat(form: Form) -> bool:
    """True where a form has rows, each with all its columns, instead of series."""
    return isinstance(form, BulkForm) or form.family is Family.CSV
