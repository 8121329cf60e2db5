"""Structure messages in SDMX-ML as a whole: header, sections, artefacts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from hub.errors import Finding, Invalid
from hub.formats.message import Header
from hub.formats.structure.fault import Fault, external, line_of
from hub.formats.structure.form import Model, StructureForm
from hub.formats.structure.languages import Languages
from hub.formats.structure.ml.dialect import DIALECTS, Dialect
from hub.formats.structure.ml.fields import Field, Texts
from hub.formats.structure.ml.header import write_header
from hub.formats.structure.ml.nesting import Element, Wrapper
from hub.formats.structure.ml.scribe import Scribe
from hub.formats.structure.ml.sections import Section, sections
from hub.formats.structure.stub import Stub
from hub.model import Maintainable

_STRUCTURE_MESSAGE = "mes:Structure"


def write_ml(
    header: Header,
    artefacts: Sequence[Maintainable],
    form: StructureForm,
    languages: Languages,
    stub: Callable[[Maintainable], Stub | None],
) -> bytes:
    """Write a structure message of one version of SDMX-ML, in UTF-8."""
    scribe = Scribe(languages)
    namespaces = DIALECTS[form].namespaces
    scribe.open(_STRUCTURE_MESSAGE, [(f"xmlns:{p}", uri) for p, uri in namespaces.items()])
    write_header(header, scribe)
    scribe.open("mes:Structures")
    for section in sections(form):
        _write_section(section, artefacts, scribe, form, stub)
    scribe.close("mes:Structures")
    scribe.close(_STRUCTURE_MESSAGE)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + scribe.text().encode()


def _write_section(
    section: Section,
    artefacts: Sequence[Maintainable],
    scribe: Scribe,
    form: StructureForm,
    stub: Callable[[Maintainable], Stub | None],
) -> None:
    chosen = [
        (element, artefact)
        for element, accepts in section.elements
        for artefact in artefacts
        if accepts(artefact)
    ]
    if not chosen:
        return
    scribe.open(section.tag)
    for element, artefact in chosen:
        reduced = stub(artefact) if element.has_stubs else None
        element.write(artefact, scribe, _only(reduced), _status(artefact, reduced, scribe, form))
    scribe.close(section.tag)


def _status(
    artefact: Maintainable, stub: Stub | None, scribe: Scribe, form: StructureForm
) -> Iterator[tuple[str, str]]:
    """Tell that content or languages of an artefact are left out."""
    if stub is not None:
        yield "isExternalReference", "true"
    if form.model is Model.V31 and scribe.languages.leaves_out(artefact.name):
        yield "isPartialLanguage", "true"


def _only(stub: Stub | None) -> Callable[[Field], bool] | None:
    if stub is None:
        return None
    if stub is Stub.NAMED:
        return lambda field: field.in_stubs
    return lambda field: field.in_stubs or isinstance(field, Texts) or _is_annotations(field)


def _is_annotations(field: Field) -> bool:
    return isinstance(field, Wrapper) and field.tag == "com:Annotations"


def form_of_root(root: etree._Element) -> StructureForm:
    """Recognise the version by the namespace; raises Invalid for what is no structure message."""
    name = etree.QName(root)
    for form, dialect in DIALECTS.items():
        if name.namespace == dialect.namespaces["mes"]:
            if name.localname != "Structure":
                raise Invalid(f"this is a {name.localname} message of {form}, not a Structure one")
            return form
    known = ", ".join(form.version for form in DIALECTS)
    raise Invalid(
        f"the root element {name.localname} in the namespace '{name.namespace or ''}' is not a "
        f"structure message of SDMX-ML {known}"
    )


def read_ml(
    root: etree._Element, form: StructureForm
) -> tuple[list[Maintainable], list[Finding], list[Finding]]:
    """Read the artefacts of a message.

    Returns them, what is malformed, and what was left out because the node does not know it or
    because it is an external reference.
    """
    reader = _Reader(form)
    for part in root:
        if reader.dialect.names[part.tag] == "mes:Structures":
            for container in part:
                reader.read_container(container)
    return reader.artefacts, reader.malformed, reader.left_out


class _Reader:
    def __init__(self, form: StructureForm) -> None:
        self.dialect: Dialect = DIALECTS[form]
        self.containers = {
            section.tag: {element.tag: element for element, _ in section.elements}
            for section in sections(form)
        }
        self.artefacts: list[Maintainable] = []
        self.malformed: list[Finding] = []
        self.left_out: list[Finding] = []

    def read_container(self, container: etree._Element) -> None:
        elements = self.containers.get(self.dialect.names[container.tag], {})
        for child in container:
            element = elements.get(self.dialect.names[child.tag])
            try:
                self._read(child, element)
            except Fault as fault:
                if fault.element is None:
                    fault.element = child
                (self.left_out if fault.is_unknown else self.malformed).append(fault.finding())

    def _read(self, child: etree._Element, element: Element | None) -> None:
        if element is None:
            kind = etree.QName(child).localname
            raise Fault(f"artefacts of kind {kind} are not known here", child, is_unknown=True)
        if child.get("isExternalReference") in ("true", "1"):
            self.left_out.append(external(_identity(child), line_of(child)))
            return
        self.artefacts.append(element.read(child, self.dialect))


def _identity(element: etree._Element) -> str:
    kind = etree.QName(element).localname
    agency, id_, version = (element.get(name) for name in ("agencyID", "id", "version"))
    return f"{kind} {agency}:{id_}({version or '1.0'})"
