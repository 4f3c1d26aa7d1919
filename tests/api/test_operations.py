"""What machines watch: figures for Prometheus, and a line in the log for each request that names nobody."""

from datetime import UTC, datetime

from flask import Flask
from freezegun import freeze_time
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text, update
from structlog.testing import capture_logs

from hotline.app_context import AppContext
from hotline.jobs.scheduler import run_once
from hotline.models.database import migrate
from hotline.models.deadlines.clocks import Clock
from hotline.operations.doctor import examine
from tests.support.build import Builder
from tests.support.calls import Calls

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 9, tzinfo=UTC)
TOKEN = {"Authorization": "Bearer metrics-token-for-tests-only"}


def figures(app: Flask) -> dict[str, float]:
    """`name label=value ...` and its number."""
    answer = app.test_client().get("/metrics", headers=TOKEN)
    assert answer.status_code == 200
    samples = [s for family in text_string_to_metric_families(answer.text) for s in family.samples]
    return {" ".join([s.name, *(f"{k}={v}" for k, v in sorted(s.labels.items()))]): s.value for s in samples}


def test_only_who_knows_the_token_reads_the_figures(app: Flask) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}):
        assert app.test_client().get("/metrics", headers=headers).status_code == 404
    object.__setattr__(app.extensions["hotline"].settings, "metrics_token", "")
    assert app.test_client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_a_server_is_ready_on_the_schema_of_a_later_release_and_on_no_earlier_one(
    app: Flask, app_context: AppContext
) -> None:
    """The database is upgraded first, while all servers are still of the previous release."""
    earlier = ("r01_accounts", *migrate.OLD_REVISIONS)
    for revision, ready in ((migrate.head(), True), ("9999", True), *((revision, False) for revision in earlier)):
        with app_context.transaction() as ctx:
            ctx.session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
        answer = app.test_client().get("/readyz")
        assert (answer.status_code, answer.json["ready"]) == ((200, True) if ready else (503, False)), revision
        assert [line.well for line in examine(app_context) if line.name == "migrations"] == [ready]


def test_dues_that_pass_soon_and_have_passed_are_counted_by_kind(app: Flask, build: Builder) -> None:
    build.ticket("dispatched", NOW)
    with freeze_time(NOW):
        assert "hotline_clocks_due kind=sign within=24h" not in figures(app)
    with freeze_time(LATER):
        assert figures(app)["hotline_clocks_due kind=sign within=1h"] == 1
    with freeze_time(datetime(2026, 11, 25, 10, tzinfo=UTC)):
        found = figures(app)
    assert found["hotline_clocks_late kind=sign"] == 1 and "hotline_clocks_due kind=sign within=1h" not in found
    assert found["hotline_ladder_behind"] >= 1


def test_a_provisional_and_a_paused_limit_is_neither_late_nor_about_to_be(
    app: Flask, app_context: AppContext, build: Builder
) -> None:
    build.ticket("dispatched", NOW)
    for change in ({"provisional": True}, {"provisional": False, "paused_at": NOW}):
        with app_context.transaction(NOW) as ctx:
            ctx.session.execute(update(Clock).where(Clock.stopped_at.is_(None)).values(**change))
        for now in (LATER, datetime(2026, 11, 25, 10, tzinfo=UTC)):
            with freeze_time(now):
                assert not [
                    name for name in figures(app) if name.startswith(("hotline_clocks_late", "hotline_clocks_due"))
                ]


def test_the_jobs_and_the_outbox_are_seen(app: Flask, app_context: AppContext, build: Builder) -> None:
    build.ticket("dispatched", NOW)
    with freeze_time(NOW):
        run_once(app_context, NOW)
    with freeze_time(LATER):
        found = figures(app)
    assert found["hotline_job_age_seconds job=escalate"] == (LATER - NOW).total_seconds()
    assert found["hotline_job_failed job=escalate"] == 0
    assert "hotline_outbox_waiting" in found and "hotline_outbox_oldest_seconds" in found


def test_refusals_are_counted_by_code_and_requests_by_route(app: Flask, call: Calls) -> None:
    before = figures(app).get("hotline_refusals_total code=unknown-ticket", 0)
    call.refused("supervisor", "GET", "/tickets/QS20990101000001", 404)
    found = figures(app)
    assert found["hotline_refusals_total code=unknown-ticket"] == before + 1
    route = "route=/api/v1/tickets/<number>"
    assert found[f"hotline_requests_total method=GET {route} status=404"] >= 1
    assert found[f"hotline_request_seconds_count {route}"] >= 1


def test_a_line_of_the_log_names_the_route_and_nobody(app: Flask, call: Calls, build: Builder) -> None:
    number = build.ticket("handling", NOW)
    with capture_logs() as lines:
        call.ok("handler", "GET", f"/tickets/{number}")
        call.ok("operator", "GET", "/enterprises?phone=13812345678")
        call.refused("supervisor", "GET", "/tickets/QS20990101000001", 404)
    said = [line for line in lines if line["event"] == "request"]
    assert said[0]["route"] == "/api/v1/tickets/<number>"
    assert said[-1]["refused"] == "unknown-ticket" and said[-1]["status"] == 404
    assert number not in str(lines) and "13812345678" not in str(lines) and "甲乙" not in str(lines)


def test_a_request_keeps_the_id_that_the_proxy_gave_it_unless_that_is_no_id(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/healthz", headers={"X-Request-Id": "abc-123"}).headers["X-Request-Id"] == "abc-123"
    for wrong in ("a b", "x" * 65, "<script>"):
        given = client.get("/healthz", headers={"X-Request-Id": wrong}).headers["X-Request-Id"]
        assert given != wrong and len(given) == 32
