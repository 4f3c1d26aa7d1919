"""Whether the service is up, and whether it is ready: one line for each thing that matters."""

from apiflask import APIBlueprint
from sqlalchemy import text

from hotline.models.database import migrate
from hotline.queries.dashboards import health as reading
from hotline.web.access import app_context, public, snapshot

health = APIBlueprint("health", __name__, tag="Health")


@health.get("/healthz")
@public
@health.doc(summary="The process answers")
def healthz() -> dict[str, str]:
    return {"status": "ok"}


@health.get("/readyz")
@public
@health.doc(summary="Database, migrations and jobs; 503 when the database cannot serve")
def readyz() -> tuple[dict[str, object], int]:
    """A silent job or replica is said, but keeps no web process out of service: people can still work."""
    with snapshot() as ctx:
        ctx.session.execute(text("SELECT 1"))
        lines = list(reading.scheduler(ctx))
    ready = migrate.serves(migrate.current(app_context().database))
    replica = app_context().replica
    if replica is not None:
        lines.append(reading.replica(replica.standing()))
    found = [{"name": line.name, "well": line.well} for line in lines]
    return {"ready": ready, "checks": [{"name": "migrations", "well": ready}, *found]}, 200 if ready else 503
