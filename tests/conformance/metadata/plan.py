"""The metadata sets of the node under test, as plain rows, and as the sets that are loaded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hub.model import (
    InternationalString,
    MetadataProviderScheme,
    MetadataProvisionAgreement,
    MetadataSet,
    Organisation,
    Reference,
    ReportedAttribute,
)
from hub.model.classes import ArtefactClass
from tests.formats.metadata.sets import FLOW, RICH, STRUCTURES

Named = tuple[str, str, str, str]
_URN = "urn:sdmx:org.sdmx.infomodel"
BIRTH = ("dataflow", "MIGX", "DF_STOCK_BIRTH", "1.0.0")
CTZ = ("dataflow", "MIGX", "DF_STOCK_CTZ", "1.0.0")
RES = ("dataflow", "MIGX", "DF_FLOW_RES", "1.0.0")
#: Not on the node: what a set is about may be elsewhere.
ELSEWHERE = ("dataflow", "FAR", "DF_AWAY", "3.0.0")
MIG = ("MIGX", "MDF_MIG", "1.0.0")
OLD = (FLOW.agency, FLOW.id, FLOW.version)
NEW = (FLOW.agency, FLOW.id, "1.1.0")


@dataclass(frozen=True)
class Row:
    """A metadata set as a reader of a list would note it down.

    `about` are artefacts (type, agency, id, version), `area` an area that it is about; `providers`
    the ways its provider may be named. `when` is the load that brought it.
    """

    agency: str
    id: str
    version: str
    flow: tuple[str, str, str]
    about: tuple[Named, ...]
    area: str = ""
    providers: frozenset[str] = field(default_factory=frozenset)
    agreed: bool = False
    when: int = 1

    @property
    def name(self) -> str:
        return f"{self.agency}:{self.id}({self.version})"


SWE = frozenset({"SWE", "MIGX.SWE"})
NOR = frozenset({"NOR", "MIGX.NOR"})
ROWS = (
    Row("MIGX.SWE", "META_STOCK", "1.0.0", MIG, (BIRTH,), "SWE", SWE),
    Row("MIGX.SWE", "META_STOCK", "1.1.0", MIG, (BIRTH,), "SWE", SWE, when=2),
    Row("MIGX.SWE", "META_STOCK", "2.0.0-draft", MIG, (BIRTH,), "SWE", SWE, when=2),
    Row("MIGX.SWE", "META_FLOW", "1.0.0", MIG, (RES,), "SWE", SWE),
    Row("MIGX.NOR", "META_STOCK", "1.0.0", MIG, (BIRTH, CTZ), "NOR", NOR),
    Row("MIGX.NOR", "META_FLOW", "1.0", MIG, (RES, ELSEWHERE), "NOR", NOR),
    Row("TEST", "RICH", "1.2.0", OLD, (BIRTH,), "", frozenset({"TEST"})),
    Row("TEST.FIN", "RICH", "1.0.0", NEW, (CTZ,), "", frozenset({"FIN", "TEST.FIN"}), True),
)

_text = InternationalString.of
FLOW_NEW = replace(FLOW, version="1.1.0")
PROVIDERS = MetadataProviderScheme(
    agency="TEST",
    id="METADATA_PROVIDERS",
    version="1.0",
    name=_text("Providers"),
    items=(Organisation(id="FIN", name=_text("Finland")),),
)
AGREEMENT = MetadataProvisionAgreement(
    agency="TEST",
    id="MPA",
    version="1.0.0",
    name=_text("Agreement"),
    metadataflow=FLOW_NEW.reference,
    provider=PROVIDERS.reference.item("FIN"),
)
ARTEFACTS = (*STRUCTURES, FLOW_NEW, PROVIDERS, AGREEMENT)


def set_of(row: Row) -> MetadataSet:
    """The set that a row notes down."""
    is_mig = row.flow == MIG
    flow = Reference(ArtefactClass.METADATAFLOW, *row.flow)
    targets = tuple(
        f"{_URN}.datastructure.Dataflow={agency}:{id_}({version})"
        for _, agency, id_, version in row.about
    )
    area = (f"{_URN}.codelist.Code=MIGX:CL_AREA_MIG(1.0.0).{row.area}",) if row.area else ()
    return MetadataSet(
        agency=row.agency,
        id=row.id,
        version=row.version,
        name=_text({"en": f"Metadata {row.name}", "fr": f"Métadonnées {row.name}"}),
        metadataflow=None if row.agreed else flow,
        agreement=AGREEMENT.reference if row.agreed else None,
        targets=(*targets, *area),
        attributes=_mig(row) if is_mig else RICH.attributes,
    )


def _mig(row: Row) -> tuple[ReportedAttribute, ...]:
    def text(id_: str, words: str, *below: ReportedAttribute) -> ReportedAttribute:
        texts = _text({"en": words, "fr": f"{words} (fr)"})
        return ReportedAttribute(id=id_, texts=texts, attributes=below)

    def value(id_: str, words: str) -> ReportedAttribute:
        return ReportedAttribute(id=id_, value=words)

    def group(id_: str, *below: ReportedAttribute) -> ReportedAttribute:
        return ReportedAttribute(id=id_, attributes=below)

    contacts = [
        group("CONTACT", text("CONTACT_ORGANISATION", f"Office {n}"), value("CONTACT_EMAIL", "a@b"))
        for n in range(2)
    ]
    markup = _text({"en": f"<p>About <em>{row.name}</em></p>"})
    return (
        *contacts,
        group("META_UPDATE", value("META_LAST_UPDATE", "2026-01-31")),
        group(
            "STAT_PRES",
            ReportedAttribute(id="DATA_DESCR", markup=markup),
            text("STAT_POP", "Residents"),
        ),
        value("UNIT_MEASURE", "PS"),
        group(
            "MIG_RULES",
            text("RESIDENCE_DEF", "Registered"),
            value("DURATION_RULE", "M12"),
            value("SDC_RULES", "CKM"),
            value("SDC_RULES", "RR3"),
        ),
    )
