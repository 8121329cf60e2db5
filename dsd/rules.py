"""The rules between the files: every name means something, and everything has a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from dsd import metadata
from dsd.entries import REPORTING_AREAS, KeyEntries, Package, StructureFile
from dsd.entry import Names
from dsd.map_rules import check_maps
from hub.errors import Finding
from hub.model import Codelist

#: The languages names may be in, as in the code lists; English is always there.
LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar")
AREA_LIST = "CL_AREA_MIG"


def check_package(package: Package, codelists: Mapping[str, Codelist]) -> tuple[Finding, ...]:
    """Return everything that is wrong with the entries; `codelists` by their id."""
    findings = [*_names(package), *_concepts(package, codelists)]
    for id_, structure in package.structures.items():
        findings += _structure(id_, structure, package)
    findings += [*_dataflows(package), *_constraint_targets(package)]
    findings += metadata.check_metadata(package.metadata, codelists)
    findings += check_maps(package, codelists)
    for place, id_, keys in _regions(package):
        findings += _region(place, package.structures[id_], keys, package, codelists)
    return tuple(dict.fromkeys(findings))


def _fault(rule: str, file: str, key: str, message: str, value: str | None = None) -> Finding:
    return Finding(rule=rule, message=message, file=file, column=key, value=value)


def _names(package: Package) -> Iterator[Finding]:
    for file, key, name, description in _named(package):
        if not name.get("en"):
            yield _fault("name", file, f"{key}.name", "give a name in English, `en`")
        for language, text in name.items():
            if language not in LANGUAGES or not text.strip():
                message = f"names are non-empty texts in {', '.join(LANGUAGES)}"
                yield _fault("name", file, f"{key}.name", message, language)
        if not description.strip():
            yield _fault("description", file, f"{key}.description", "say what it is")


def _named(package: Package) -> Iterator[tuple[str, str, Names, str]]:
    scheme, agencies = package.concepts, package.agencies
    yield "concepts.toml", scheme.id, scheme.name, scheme.description
    for id_, concept in scheme.concepts.items():
        yield "concepts.toml", f"concepts.{id_}", concept.name, concept.description
    for id_, structure in package.structures.items():
        yield f"{id_}.toml", id_, structure.name, structure.description
    for id_, flow in package.dataflows.items():
        yield "dataflows.toml", id_, flow.name, flow.description
    for id_, allowed in package.constraints.allowed.items():
        yield "constraints.toml", f"allowed.{id_}", allowed.name, allowed.description
    for id_, forbidden in package.constraints.forbidden.items():
        yield "constraints.toml", f"forbidden.{id_}", forbidden.name, forbidden.description
    described = package.metadata
    for part in (described, described.scheme, described.flow):
        yield metadata.FILE, part.id, part.name, part.description
    for id_, attribute in described.attributes.items():
        yield metadata.FILE, f"attributes.{id_}", attribute.name, attribute.description
    yield from _named_maps(package)
    yield "agencies.toml", agencies.agency, agencies.name, agencies.description
    for id_, agency in agencies.agencies.items():
        yield "agencies.toml", f"agencies.{id_}", agency.name, agency.description


def _named_maps(package: Package) -> Iterator[tuple[str, str, Names, str]]:
    for file, maps in package.maps.items():
        for id_, values in maps.values.items():
            yield file, f"values.{id_}", values.name, values.description
        for id_, structure in maps.structures.items():
            yield file, f"structures.{id_}", structure.name, structure.description


def _concepts(package: Package, codelists: Mapping[str, Codelist]) -> Iterator[Finding]:
    used = {id_ for structure in package.structures.values() for id_ in structure.components}
    for id_, concept in package.concepts.concepts.items():
        key = f"concepts.{id_}"
        if (concept.codelist is None) == (concept.text_type is None):
            message = "give either codelist or text_type"
            yield _fault("representation", "concepts.toml", key, message)
        if concept.codelist is not None and concept.codelist not in codelists:
            message = "there is no such code list in codelists/lists"
            yield _fault("codelist", "concepts.toml", f"{key}.codelist", message, concept.codelist)
        if id_ not in used:
            yield _fault("unused", "concepts.toml", key, "no structure uses it; remove it")


def _structure(id_: str, structure: StructureFile, package: Package) -> Iterator[Finding]:
    file = f"{id_}.toml"
    for component, times in Counter(structure.components).items():
        if component not in package.concepts.concepts:
            message = f"there is no concept {component}; add it to concepts.toml"
            yield _fault("concept", file, component, message)
        if times > 1:
            yield _fault("twice", file, component, f"it is a component {times} times")
    for number, entry in enumerate(structure.attributes):
        key = f"attributes[{number}]"
        if (entry.attached_to == "group") != bool(entry.group and entry.dimensions):
            message = "a group, and only a group, has both `group` and `dimensions`"
            yield _fault("group", file, key, message)
        for dimension in sorted(set(entry.dimensions).difference(structure.dimensions)):
            yield _fault("group", file, f"{key}.dimensions", "not a dimension", dimension)
        for attribute in sorted(set(entry.lists).difference(entry.mandatory, entry.optional)):
            yield _fault("lists", file, f"{key}.lists", "not an attribute of these", attribute)


def _dataflows(package: Package) -> Iterator[Finding]:
    allowed = Counter(entry.dataflow for entry in package.constraints.allowed.values())
    for id_, flow in package.dataflows.items():
        structure = package.structures.get(flow.structure)
        if structure is None:
            message = f"there is no file {flow.structure}.toml"
            yield _fault("structure", "dataflows.toml", f"{id_}.structure", message, flow.structure)
        elif flow.slice_by not in structure.dimensions:
            message = f"it is not a dimension of {flow.structure}"
            yield _fault("slice-by", "dataflows.toml", f"{id_}.slice_by", message, flow.slice_by)
        if allowed[id_] != 1:
            message = f"constraints.toml has {allowed[id_]} entries under `allowed` for it, not 1"
            yield _fault("allowed", "dataflows.toml", id_, message)


def _constraint_targets(package: Package) -> Iterator[Finding]:
    file = "constraints.toml"
    for id_, entry in package.constraints.allowed.items():
        if entry.dataflow not in package.dataflows:
            key, message = f"allowed.{id_}.dataflow", "there is no such dataflow"
            yield _fault("target", file, key, message, entry.dataflow)
    for id_, forbidden in package.constraints.forbidden.items():
        for structure in sorted(set(forbidden.structures).difference(package.structures)):
            key, message = f"forbidden.{id_}.structures", "there is no such structure"
            yield _fault("target", file, key, message, structure)
        if not forbidden.structures or len(forbidden.keys) < 2:
            message = "name structures, and at least two keys that must not come together"
            yield _fault("combination", file, f"forbidden.{id_}", message)
    for id_ in sorted(set(package.constraints.allowed).intersection(package.constraints.forbidden)):
        yield _fault("twice", file, id_, "it is the id of two constraints")


def _regions(package: Package) -> Iterator[tuple[str, str, KeyEntries]]:
    """Each constraint's place, each structure it is about so far as it exists, and its keys."""
    for id_, entry in package.constraints.allowed.items():
        flow = package.dataflows.get(entry.dataflow)
        if flow is not None and flow.structure in package.structures:
            yield f"allowed.{id_}", flow.structure, entry.keys
    for id_, forbidden in package.constraints.forbidden.items():
        for structure in forbidden.structures:
            if structure in package.structures:
                yield f"forbidden.{id_}", structure, forbidden.keys


def _region(
    place: str,
    structure: StructureFile,
    keys: KeyEntries,
    package: Package,
    codelists: Mapping[str, Codelist],
) -> Iterator[Finding]:
    file = "constraints.toml"
    for dimension, values in keys.items():
        key = f"{place}.keys.{dimension}"
        concept = package.concepts.concepts.get(dimension)
        list_id = (concept.codelist if concept else None) or "no code list"
        if dimension not in structure.dimensions:
            yield _fault("key", file, key, "it is not a dimension of the structure")
        elif not values:
            yield _fault("code", file, key, "name at least one code")
        elif list_id in codelists:
            words = {REPORTING_AREAS} if list_id == AREA_LIST else set()
            for code in sorted({*values} - words - codelists[list_id].by_id.keys()):
                yield _fault("code", file, key, f"there is no such code in {list_id}", code)
