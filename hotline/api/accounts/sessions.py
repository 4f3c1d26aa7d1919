"""Sessions: sign in, sign out, who is signed in, and that somebody is there."""

from typing import Any

from apiflask import APIBlueprint

from hotline import clock
from hotline.api.describing import NOTHING
from hotline.api.parsing import body
from hotline.casework.accounts import sessions
from hotline.schemas.accounts.login import SignInForm
from hotline.web import login
from hotline.web.access import (
    actor,
    app_context,
    before_second_factor,
    login_required,
    public,
    secret_sent,
    signed_in,
    transaction,
    without_prolonging,
)

blueprint = APIBlueprint("api_sessions", __name__, url_prefix="/api/v1", tag="Centre")


@blueprint.post("/sessions")
@public
@body(blueprint, SignInForm)
@blueprint.doc(summary="Sign in: answers a token; `code` where a second factor is on", responses={201: "The token"})
def sign_in(given: dict[str, Any]) -> tuple[dict[str, Any], int]:
    secret = login.by_password(given["username"], given["password"], given.get("code"), label="api")
    expires_at = clock.now() + app_context().rulebook.sign_in.lasts
    return {"token": secret, "expires_at": expires_at.isoformat()}, 201


@blueprint.delete("/sessions/current")
@login_required
@before_second_factor
@blueprint.doc(summary="Sign out", responses=NOTHING)
def sign_out() -> tuple[str, int]:
    with transaction() as ctx:
        sessions.sign_out(ctx, secret_sent() or "")
    return "", 204


@blueprint.get("/sessions/current")
@login_required
@before_second_factor
@without_prolonging
@blueprint.doc(summary="Who is signed in, and for how many seconds yet; asking does not prolong the session")
def who() -> dict[str, Any]:
    left = app_context().rulebook.sign_in.time_left(signed_in(), now=clock.now())
    return {"name": actor().name, "roles": sorted(actor().roles), **left}


@blueprint.post("/sessions/current/actions/prolong")
@login_required
@before_second_factor
@blueprint.doc(summary="Somebody is there: the idle limit begins anew")
def prolong() -> dict[str, Any]:
    with transaction() as ctx:
        sessions.touch(ctx, signed_in().id)
    return app_context().rulebook.sign_in.time_left(signed_in(), now=ctx.now, seen_at=ctx.now)
