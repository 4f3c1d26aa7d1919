"""`/metrics`: figures for Prometheus, for whoever knows the token that the operating people have set."""

from collections.abc import Iterator
from hmac import compare_digest
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from hotline.observability import metrics
from hotline.queries.dashboards import operations
from hotline.queries.dashboards.operations import Figure
from hotline.rules.refusals import UnknownThing
from hotline.web.access import app_context, public, snapshot

blueprint = APIBlueprint("metrics", __name__, enable_openapi=False)


class Standing(Collector):
    """The figures of the database, the same from every process."""

    def __init__(self, found: list[Figure]) -> None:
        self.found = found

    def collect(self) -> Iterator[GaugeMetricFamily]:
        families: dict[str, GaugeMetricFamily] = {}
        for figure in self.found:
            name = f"hotline_{figure.name}"
            family = families.setdefault(name, GaugeMetricFamily(name, figure.help, labels=list(figure.labels)))
            family.add_metric(list(figure.labels.values()), figure.value)
        yield from families.values()


@blueprint.get("/metrics")
@public
def show() -> Any:
    """Refuses `UnknownThing` without the token of `HOTLINE_METRICS_TOKEN`, and where none is set."""
    wanted = app_context().settings.metrics_token
    authorization = request.headers.get("Authorization", "")
    if not wanted or not compare_digest(authorization.encode(), f"Bearer {wanted}".encode()):
        raise UnknownThing("这个地址")
    registry = CollectorRegistry()
    if metrics.is_shared():
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    with snapshot() as ctx:
        found = list(operations.figures(ctx))
    replica = app_context().replica
    if replica is not None:
        found += operations.replica(replica.standing())
    registry.register(Standing(found))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
