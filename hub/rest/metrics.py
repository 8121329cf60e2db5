"""The metrics of a node in the forms of Prometheus, read from the catalogue when asked for.

So every process of a node, and every machine of it, tells the same. Only what readers can see now,
and how the exchange stands, is counted: nothing that is held back until its hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector, CollectorRegistry

from federation.status import Exchange, FlowStatus, PartnerStatus, look
from hub.model import Dataflow
from hub.rest.service import Service
from hub.store import Store
from hub.store.harvests import AttemptCounts


def written_metrics(
    service: Service, store: Store, counts: AttemptCounts, accept: str | None
) -> tuple[str, bytes]:
    """The metrics as the client takes them: the content type, and the text.

    `counts` remembers what was counted the last time.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Metrics(service, store, counts))
    encoder, content_type = choose_encoder(accept or "")
    return content_type, encoder(registry)


class _Metrics(Collector):
    """All metrics of a node at one instant."""

    def __init__(self, service: Service, store: Store, counts: AttemptCounts) -> None:
        self._service = service
        self._store = store
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        """Each metric with its values."""
        facts = self._service.facts
        about = {"node": facts.id, "role": facts.role, "software": facts.software_version}
        yield InfoMetricFamily("corridor_node", "The node.", value=about)
        yield from _releases(self._service)
        exchange = look(self._store)
        yield from _partners(exchange)
        yield from _flows(exchange)
        yield _attempts(self._counts)


def _releases(service: Service) -> Iterator[Metric]:
    rows = GaugeMetricFamily(
        "corridor_observations", "Observations of a dataflow that readers see.", labels=["flow"]
    )
    since = GaugeMetricFamily(
        "corridor_release_timestamp_seconds",
        "Since when readers see the release of a dataflow that they see now.",
        labels=["flow"],
    )
    for flow in sorted(service.backend.structures.of_type(Dataflow), key=lambda one: one.urn):
        release = service.backend.release(flow.reference)
        if release is not None:
            rows.add_metric([str(flow.reference)], release.rows)
            since.add_metric([str(flow.reference)], release.visible_from.timestamp())
    yield rows
    yield since


def _partners(exchange: Exchange) -> Iterator[Metric]:
    def gauge(name: str, about: str, values: Iterable[tuple[str, float]]) -> Metric:
        family = GaugeMetricFamily(f"corridor_partner_{name}", about, labels=["partner"])
        for partner, value in values:
            family.add_metric([partner], value)
        return family

    partners, now = exchange.partners, exchange.at
    yield gauge(
        "interval_seconds",
        "How often a partner is harvested.",
        ((one.id, one.every.total_seconds()) for one in partners),
    )
    yield gauge(
        "due_timestamp_seconds",
        "When a partner is harvested next.",
        ((one.id, one.due.timestamp()) for one in partners if one.due is not None),
    )
    yield gauge(
        "failures",
        "How many harvests of a partner failed in a row.",
        ((one.id, one.failures) for one in partners),
    )
    yield gauge(
        "requests_left",
        "How many requests a partner may get now, of those it gets in an hour.",
        ((one.id, one.budget.left) for one in partners),
    )
    yield gauge(
        "late",
        "1 where what is held of a partner is older than its interval, else 0.",
        ((one.id, int(one.is_late(now))) for one in partners),
    )
    yield gauge(
        "open_attempts",
        "Attempts under way.",
        ((one.id, sum(flow.open is not None for flow in one.flows)) for one in partners),
    )


def _flows(exchange: Exchange) -> Iterator[Metric]:
    labels = ["partner", "flow"]
    confirmed = GaugeMetricFamily(
        "corridor_flow_confirmed_timestamp_seconds",
        "When this node last knew that it holds what the partner has.",
        labels=labels,
    )
    ended = GaugeMetricFamily(
        "corridor_flow_last_attempt_timestamp_seconds",
        "When the last attempt ended, with the reason why.",
        labels=[*labels, "reason"],
    )
    held = GaugeMetricFamily(
        "corridor_flow_held", "1 where what came last waits for a person, else 0.", labels=labels
    )
    for partner, flow in _all_flows(exchange):
        names = [partner.id, flow.flow]
        if flow.confirmed is not None:
            confirmed.add_metric(names, flow.confirmed.timestamp())
        if flow.finished is not None and flow.reason is not None:
            ended.add_metric([*names, flow.reason], flow.finished.timestamp())
        held.add_metric(names, int(flow.held is not None))
    yield confirmed
    yield ended
    yield held


def _all_flows(exchange: Exchange) -> Iterator[tuple[PartnerStatus, FlowStatus]]:
    return ((partner, flow) for partner in exchange.partners for flow in partner.flows)


def _attempts(counts: AttemptCounts) -> Metric:
    family = CounterMetricFamily(
        "corridor_attempts", "Attempts that ended, by reason.", labels=["partner", "reason"]
    )
    for (partner, reason), count in sorted(counts.count().items()):
        family.add_metric([partner, reason], count)
    return family
