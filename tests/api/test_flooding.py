"""What may come from outside is counted by where it comes from, over all processes."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from freezegun import freeze_time
from sqlalchemy import func, select

from hotline.app import create_app
from hotline.app_context import AppContext
from hotline.jobs import cleanup
from hotline.jobs.run import Run
from hotline.models.tickets.tickets import PublicSubmission, Ticket
from tests.conftest import settings_for

NOW = datetime.fromisoformat("2026-11-24T10:00:00+08:00")
MATTER = {"title": "窗口不受理", "content": "材料齐全。", "contact": {"phone": "13812345678"}}


def submit(app: Flask, address: str, **headers: str) -> Any:
    client, place = app.test_client(), {"REMOTE_ADDR": address}
    return client.post("/api/v1/public/tickets", json=MATTER, headers=headers, environ_base=place)


def test_an_address_submits_sixty_an_hour_by_whichever_process(
    app: Flask, database_url: str, tmp_path: Path, app_context: AppContext
) -> None:
    other = create_app(settings_for(database_url, tmp_path))
    with freeze_time(NOW) as frozen:
        first = submit(app, "10.0.0.1", **{"Idempotency-Key": "first"})
        assert first.status_code == 201, first.text
        for n in range(59):
            assert submit((app, other)[n % 2], "10.0.0.1").status_code == 201
        refused = submit(other, "10.0.0.1")
        assert (refused.status_code, refused.get_json()["code"]) == (429, "too-many-attempts")
        # What was taken once is answered again, and another place is not kept from submitting.
        assert submit(other, "10.0.0.1", **{"Idempotency-Key": "first"}).get_json() == first.get_json()
        assert submit(other, "10.0.0.2").status_code == 201
        with app_context.snapshot() as ctx:
            assert ctx.session.scalar(select(func.count()).select_from(Ticket)) == 61
            assert "10.0.0.1" not in set(ctx.session.scalars(select(PublicSubmission.address_hash)))
        frozen.move_to(NOW + timedelta(hours=1))
        assert submit(other, "10.0.0.1").status_code == 201
        cleanup.run(Run(app_context, NOW + timedelta(days=3)))
        with app_context.snapshot() as ctx:
            assert ctx.session.scalar(select(func.count()).select_from(PublicSubmission)) == 0
    other.extensions["hotline"].database.dispose()
