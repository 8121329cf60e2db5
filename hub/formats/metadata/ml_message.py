"""Metadata messages in SDMX-ML 3.0 and 3.1."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from hub.errors import Finding
from hub.formats.message import Header
from hub.formats.metadata.actions import action_of
from hub.formats.metadata.form import MetadataForm
from hub.formats.metadata.ml_fields import DIALECTS, set_element, without_content
from hub.formats.metadata.ml_frame import open_message
from hub.formats.metadata.report import Received, Sets
from hub.formats.structure.fault import Fault, external, line_of
from hub.formats.structure.form import Model, StructureForm
from hub.formats.structure.languages import Languages
from hub.formats.structure.ml.scribe import Scribe

_ROOT = "mes:GenericMetadata"


def write_ml(
    header: Header, sets: Sets, form: MetadataForm, languages: Languages, *, as_stubs: bool
) -> Iterator[bytes]:
    """Write a metadata message, a piece for each set."""
    dialect, element = DIALECTS[form.structure], set_element(form.structure)
    yield open_message(_ROOT, header, sets, dialect.namespaces, languages)
    for shown in sets():
        scribe = Scribe(languages)
        written = shown.metadata_set
        status = [("isExternalReference", "true")] if as_stubs else []
        if form.model is Model.V31 and languages.leaves_out(written.name):
            status.append(("isPartialLanguage", "true"))
        element.write(without_content(written) if as_stubs else written, scribe, status=status)
        yield scribe.text().encode()
    yield f"</{_ROOT}>".encode()


def read_ml(
    root: etree._Element, form: StructureForm
) -> tuple[list[Received], list[Finding], list[Finding]]:
    """Read the sets of a message: them, what is wrong, and what was left out."""
    dialect, element = DIALECTS[form], set_element(form)
    received: list[Received] = []
    faults: list[Finding] = []
    left_out: list[Finding] = []
    for child in root:
        if dialect.names[child.tag] != element.tag:
            continue
        if child.get("isExternalReference") in ("true", "1"):
            name = f"MetadataSet {child.get('agencyID')}:{child.get('id')}"
            left_out.append(external(name, line_of(child)))
            continue
        try:
            action = action_of(child.get("action"))
            received.append(Received(metadata_set=element.read(child, dialect), action=action))
        except Fault as fault:
            if fault.element is None:
                fault.element = child
            faults.append(fault.finding())
    return received, faults, left_out


def is_set_list(children: Sequence[etree._Element]) -> bool:
    """True where a message has a set at all."""
    return any(etree.QName(child).localname == "MetadataSet" for child in children)
