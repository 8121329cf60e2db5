"""A flow that is revised, withdrawn and given again, and what a naive reader makes of its past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from hub.formats.message import RawData
from hub.model import (
    Annotation,
    Attachment,
    Attribute,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    Dataflow,
    DataProviderScheme,
    DataStructure,
    Dimension,
    Group,
    InternationalString,
    Maintainable,
    Measure,
    Organisation,
    Origin,
    ProvisionAgreement,
    Representation,
    Schema,
    Selection,
    TextType,
)
from hub.publish import Report, Statement, Submission, publish
from hub.store import Store
from tests.store.naive import Row, select

AGENCY = "TEST"
START = datetime(2023, 1, 5, 8, tzinfo=UTC)
Key = tuple[str, ...]


def _codes(id_: str, *codes: str) -> Codelist:
    items = tuple(Code(id=code, name=InternationalString.of(f"The {code}")) for code in codes)
    return Codelist(agency=AGENCY, id=id_, name=InternationalString.of(id_), items=items)


FREQS, AREAS = _codes("CL_FREQ", "A", "M"), _codes("CL_AREA", "DNK", "NOR", "SWE")
SEXES, STATUSES = _codes("CL_SEX", "F", "M", "_T"), _codes("CL_STATUS", "A", "E", "P")
_TEXT = Representation(text_type=TextType.STRING)
REPRESENTATIONS = {
    "FREQ": Representation(enumeration=FREQS.reference),
    "AREA": Representation(enumeration=AREAS.reference),
    "SEX": Representation(enumeration=SEXES.reference),
    "TIME_PERIOD": Representation(text_type=TextType.OBSERVATIONAL_TIME_PERIOD),
    "OBS_VALUE": Representation(text_type=TextType.DOUBLE),
    "STATUS": Representation(enumeration=STATUSES.reference),
    "TITLE": _TEXT,
    "LICENCE": _TEXT,
    "SOURCE": _TEXT,
}
CONCEPTS = ConceptScheme(
    agency=AGENCY,
    id="CS",
    name=InternationalString.of("Concepts"),
    items=tuple(Concept(id=id_, name=InternationalString.of(id_)) for id_ in REPRESENTATIONS),
)
KEY = ("FREQ", "AREA", "SEX")


def _about(id_: str) -> dict[str, Any]:
    concept = CONCEPTS.reference.item(id_)
    return {"id": id_, "concept": concept, "representation": REPRESENTATIONS[id_]}


STRUCTURE = DataStructure(
    agency=AGENCY,
    id="DSD",
    name=InternationalString.of("A structure"),
    dimensions=(
        *(Dimension(**_about(id_)) for id_ in KEY),
        Dimension(**_about("TIME_PERIOD"), is_time=True),
    ),
    measures=(Measure(**_about("OBS_VALUE"), is_mandatory=False),),
    attributes=(
        Attribute(**_about("STATUS")),
        Attribute(**_about("TITLE"), attachment=Attachment.DIMENSIONS, dimensions=KEY),
        Attribute(**_about("LICENCE"), attachment=Attachment.GROUP, group="ByArea"),
        Attribute(**_about("SOURCE"), attachment=Attachment.DATASET),
    ),
    groups=(Group(id="ByArea", dimensions=("AREA",)),),
)
FLOW = Dataflow(
    agency=AGENCY,
    id="DF",
    name=InternationalString.of("A flow"),
    structure=STRUCTURE.reference,
    annotations=(Annotation(type="SLICE_BY", title="AREA"),),
)
PROVIDERS = DataProviderScheme(
    agency=AGENCY,
    id="DATA_PROVIDERS",
    version="1.0",
    name=InternationalString.of("Providers"),
    items=tuple(Organisation(id=id_, name=InternationalString.of(id_)) for id_ in ("SCB", "DST")),
)
AGREEMENTS = tuple(
    ProvisionAgreement(
        agency=AGENCY,
        id=f"PA_{provider.id}",
        name=InternationalString.of(f"{provider.id} provides"),
        dataflow=FLOW.reference,
        provider=PROVIDERS.reference.item(provider.id),
    )
    for provider in PROVIDERS.items
)
ARTEFACTS: tuple[Maintainable, ...] = (
    FREQS,
    AREAS,
    SEXES,
    STATUSES,
    CONCEPTS,
    STRUCTURE,
    FLOW,
    PROVIDERS,
    *AGREEMENTS,
)


@dataclass
class Clock:
    """A clock that stands until it is set."""

    time: datetime = START

    def __call__(self) -> datetime:
        return self.time

    def pass_(self, **duration: float) -> None:
        self.time += timedelta(**duration)


def observation(area: str, sex: str, period: str, value: float | None, **more: str) -> Row:
    """An observation as it is handed in."""
    key = {"FREQ": "A", "AREA": area, "SEX": sex, "TIME_PERIOD": period}
    return {**key, "OBS_VALUE": value, **more}


def hand_in(
    store: Store,
    rows: Sequence[Row],
    withdrawn: Sequence[Row] = (),
    *,
    source: str = "SCB",
    kind: str = "submission",
    visible_from: datetime | None = None,
    note: str = "",
) -> Report:
    """Publish some observations, and withdraw others by their key."""
    given = [*rows, *({name: row[name] for name in (*KEY, "TIME_PERIOD")} for row in withdrawn)]
    names = dict.fromkeys(name for row in given for name in row)
    columns = {
        name: pa.array(
            [None if row.get(name) is None else str(row[name]) for row in given], pa.string()
        )
        for name in names
    }
    actions = ["Replace"] * len(rows) + ["Delete"] * len(withdrawn)
    raw = RawData(
        source="rows",
        table=pa.table(columns),
        actions=pa.chunked_array([pa.array(actions, pa.string())]),
    )
    submission = Submission(raw=raw, source=source, origin=Origin(kind=kind, name=source))
    return publish(
        store,
        FLOW.reference,
        submission,
        visible_from=visible_from,
        statement=Statement(note=note),
    )


@dataclass(frozen=True)
class Vintage:
    """What readers saw from an instant on."""

    at: datetime
    rows: Mapping[Key, Row]


def vintages(store: Store, schema: Schema) -> list[Vintage]:
    """Every state readers have seen until now, read whole."""
    now = store.present()
    instants = sorted({v.visible_from for v in store.history(FLOW.reference)})
    found = []
    for at in (instant for instant in instants if instant <= now):
        release = store.release(FLOW.reference, at)
        assert release is not None
        rows = store.read(release, schema).read_all().to_pylist()
        found.append(Vintage(at, {_key(row, schema): row for row in rows}))
    return found


def _key(row: Row, schema: Schema) -> Key:
    return tuple(row[column.id] for column in schema.dimensions)


@dataclass(frozen=True)
class Expected:
    """A data set as it ought to be; only of history is it told when readers first saw it."""

    at: datetime | None
    is_deletion: bool
    rows: list[Row]


def history(
    past: Sequence[Vintage],
    schema: Schema,
    selection: Selection,
    since: datetime | None,
    until: datetime | None = None,
) -> list[Expected]:
    """A data set for what each dissemination brought, and one for what it took away."""
    found: list[Expected] = []
    before: Mapping[Key, Row] = {}
    for vintage in past:
        if (since is None or vintage.at > since) and (until is None or vintage.at <= until):
            new = [row for key, row in vintage.rows.items() if before.get(key) != row]
            old = [row for key, row in before.items() if key not in vintage.rows]
            found += _selected(vintage.at, new, old, schema, selection, deletes_first=False)
        before = vintage.rows
    return found


def net(
    past: Sequence[Vintage],
    schema: Schema,
    selection: Selection,
    since: datetime,
    until: datetime | None = None,
) -> list[Expected]:
    """What a reader who looked at an instant has to take away, and what it has to put in place.

    All that changed since; what was not there when the reader looked need not be taken away. A
    reader who tells whole seconds may have looked until the end of that second.
    """
    at_first = state(past, since)
    looked = {vintage.at for vintage in past if since < vintage.at < _end(since)}
    seen = set(at_first)
    before, touched, last = at_first, set[Key](), since
    for vintage in past:
        if vintage.at <= since or (until is not None and vintage.at > until):
            continue
        keys = before.keys() | vintage.rows.keys()
        touched |= {key for key in keys if before.get(key) != vintage.rows.get(key)}
        before, last = vintage.rows, vintage.at
        if vintage.at in looked:
            seen |= vintage.rows.keys()
    new = [before[key] for key in touched if key in before]
    gone = [key for key in touched if key not in before and key in seen]
    old = [_last_row(past, key, last) for key in gone]
    return _selected(None, new, old, schema, selection, deletes_first=True)


def state(past: Sequence[Vintage], at: datetime) -> Mapping[Key, Row]:
    """What readers saw at an instant."""
    return next((v.rows for v in reversed(past) if v.at <= at), {})


def _end(since: datetime) -> datetime:
    return since if since.microsecond else since + timedelta(seconds=1)


def _last_row(past: Sequence[Vintage], key: Key, until: datetime) -> Row:
    """What an observation said when it was last seen."""
    return next(v.rows[key] for v in reversed(past) if v.at <= until and key in v.rows)


def _selected(
    at: datetime | None,
    new: Iterable[Row],
    old: Iterable[Row],
    schema: Schema,
    selection: Selection,
    *,
    deletes_first: bool,
) -> list[Expected]:
    whole = replace(selection, offset=0, limit=None)
    parts = [
        Expected(at, False, select(new, schema, whole)),
        Expected(at, True, select(old, schema, whole)),
    ]
    return [part for part in (reversed(parts) if deletes_first else parts) if part.rows]


def paged(parts: Iterable[Expected], offset: int, limit: int | None) -> list[Expected]:
    """A page of the rows of all data sets together."""
    every = [(part.at, part.is_deletion, row) for part in parts for row in part.rows]
    page = every[offset : None if limit is None else offset + limit]
    found: list[Expected] = []
    for at, is_deletion, row in page:
        if not found or (found[-1].at, found[-1].is_deletion) != (at, is_deletion):
            found.append(Expected(at, is_deletion, []))
        found[-1].rows.append(row)
    return found
