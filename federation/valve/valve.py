"""The valve in the door for what partners sent: passes, holds, or says that it was rejected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from federation.harvest.ports import Taken
from federation.partners import FinishReason
from federation.valve.judging import doubts_of, limits_of, together_with
from hub.model import DeltaCounts, Schema
from hub.publish import Prepared, Report
from hub.publish.waiting import content_of, spelt
from hub.publish.weights import Weight
from hub.store import Store, flow_name
from hub.store.actors import Actor
from hub.store.commit import Together
from hub.store.recent import newest_recent
from hub.store.review import PARTNER, held, hold, supersede, superseded_with
from hub.store.waiting import State, Waiting

#: The detail of an origin that names what the message said it holds data of.
STRUCTURE = "structure"


class Valve:
    """Judges what partners sent for one flow; `names` are those of the partners by id.

    Given to `hub.publish.release`: `doubt` says what is held, `together` closes what was held of
    partners whose data is released now. Then `outcomes` keeps what is held, and tells.
    """

    def __init__(
        self, store: Store, schema: Schema, partners: Sequence[str], names: Mapping[str, str]
    ) -> None:
        self._store = store
        self._schema = schema
        self._names = names
        self._limits = limits_of(store.settings)
        self._prepared: dict[str, Prepared] = {}
        self._doubts: Mapping[str, str] = {}
        states = (State.WAITING, State.REJECTED)
        flow = flow_name(schema.context)
        earlier = held(store.catalogue, flow=flow, partners=partners, states=states)
        self._held = [one for one in earlier if one.state is State.WAITING]
        self._rejected = [one for one in earlier if one.state is State.REJECTED]

    def refusal(self, each: Prepared) -> Taken | None:
        """What is said of something that a person rejected before; None for all else.

        What passes is remembered, to be judged with its changes.
        """
        source = each.submission.source
        rejected = {one.content["digest"]: one for one in self._rejected if one.partner == source}
        if rejected:
            digest = content_of(self._store, each.submission)["digest"]
            if digest in rejected:
                supersede(self._store.catalogue, self._open(source))
                return _refused(rejected[digest], each)
        self._prepared[source] = each
        return None

    def doubt(self, weights: Sequence[Weight]) -> Mapping[str, str]:
        """The partners whose data a person should look at before it is released, and why."""
        by_weight = doubts_of(weights, self._limits)
        self._doubts = together_with(by_weight, dict(self._other_structures()))
        return self._doubts

    @property
    def together(self) -> Together:
        """Closes what was held of partners that are not doubted, as part of their release."""

        def passed() -> list[int]:
            sources = [source for source in self._prepared if source not in self._doubts]
            return [id_ for source in sources for id_ in self._open(source)]

        return superseded_with(self._store.catalogue, passed)

    def outcomes(self, report: Report) -> dict[str, Taken]:
        """Keep what is held, close what is of no consequence any more, and tell of each partner."""
        passed = [source for source in self._prepared if source not in report.doubted]
        supersede(self._store.catalogue, [id_ for one in passed for id_ in self._open(one)])
        return {
            source: self._keep(each, report)
            if source in report.doubted
            else _taken(report, source, each)
            for source, each in self._prepared.items()
        }

    def _open(self, source: str) -> list[int]:
        return [one.id for one in self._held if one.partner == source]

    def _other_structures(self) -> list[tuple[str, str]]:
        """Partners whose data names another structure, or version of it, than it did."""
        last: dict[str, str] = {}
        newest = newest_recent(self._store, self._schema.context)
        for version in sorted(newest, key=lambda one: one.id):
            named = dict(version.origin.detail).get(STRUCTURE)
            if named:
                last[version.source] = named
        found = []
        for source, each in self._prepared.items():
            named = dict(each.submission.origin.detail).get(STRUCTURE)
            before = last.get(source)
            if named and before and named != before:
                found.append((source, f"the data is of {named}, and was of {before}"))
        return found

    def _keep(self, each: Prepared, report: Report) -> Taken:
        """Hold what a partner sent, once, however often it comes."""
        submission = each.submission
        source, why = submission.source, report.doubted[submission.source]
        content = content_of(self._store, submission)
        earlier = [one for one in self._held if one.partner == source]
        same = [one for one in earlier if one.content["digest"] == content["digest"]]
        if same:
            known = same[-1]
            since = f", since {known.handed_in:%Y-%m-%d}"
        else:
            counts = report.counts[source]
            detail = dict(submission.origin.detail)
            content |= {
                "why": why,
                "attempt": int(detail["attempt"]) if detail.get("attempt", "").isdigit() else None,
                "added": counts.added,
                "revised": counts.revised,
                "withdrawn": counts.withdrawn,
                "aside": list(report.aside.get(source, ())),
                "origins": {slice_: spelt(origin) for slice_, origin in each.origins.items()},
            }
            who = Actor(PARTNER, source, self._names.get(source, ""))
            instead = [one.id for one in earlier]
            known = hold(self._store.catalogue, str(self._schema.context), who, content, instead)
            since = ""
        note = f"{why}; it is held{since}: corridor review show {known.id}"
        return Taken(reason=FinishReason.HELD, findings=each.findings, note=note)


def _taken(report: Report, source: str, each: Prepared) -> Taken:
    counts: DeltaCounts = report.counts[source]
    taken_over = report.taken_over.get(source, ())
    is_same = counts.is_empty and not taken_over
    return Taken(
        reason=FinishReason.UNCHANGED if is_same else FinishReason.RELEASED,
        release=report.release,
        counts=counts,
        findings=each.findings,
        note=f"taken over from others: {', '.join(taken_over)}" if taken_over else "",
    )


def _refused(one: Waiting, each: Prepared) -> Taken:
    note = (
        f"the same was rejected by {one.decided_by} as {one.id}: {one.reason}; "
        f"'corridor review reopen {one.id}' takes that back"
    )
    return Taken(reason=FinishReason.REFUSED, findings=each.findings, note=note)
