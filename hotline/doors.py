"""The doors: who comes in by which route, and how a refusal looks to HTTP.

Every view says who it is for (`open_to_all`, `staff_only`, `roles_only`); one that says nothing lets nobody in. API routes know
a Bearer token and nothing else, pages the session cookie and nothing else.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g, request

from hotline import clock
from hotline.casework import rated_bodies, staffing
from hotline.casework.rated_bodies import Sender
from hotline.office import Office
from hotline.rules import refusals
from hotline.rules.actors import Actor
from hotline.rules.refusals import OwnWork, Refusal, RoleMissing, SignInRequired, UnknownThing
from hotline.rules.vocabulary import Role

COOKIE = "hotline_session"
API = "/api/"
STATUS: dict[type[Refusal], int] = {
    refusals.Unknown: 404,
    refusals.NotSignedIn: 401,
    refusals.NotAllowed: 403,
    refusals.Conflict: 409,
    refusals.Malformed: 422,
    refusals.Limited: 429,
    refusals.Unavailable: 503,
}
View = TypeVar("View", bound=Callable[..., Any])


def status_of(refusal: Refusal) -> int:
    """The status of the family that the refusal belongs to; the log and the figures will know its code."""
    g.refused = refusal.code
    return next(STATUS[family] for family in type(refusal).__mro__ if family in STATUS)


def _says(view: View, access: str | frozenset[Role]) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view


def open_to_all(view: View) -> View:
    """Without sign-in: what it shows must be public, or proved by a query code."""
    return _says(view, "all")


def staff_only(view: View) -> View:
    """Whoever is signed in; what they see is decided by the one predicate of visibility."""
    return _says(view, "staff")


def roles_only(*roles: Role) -> Callable[[View], View]:
    """Whoever holds one of these roles."""
    return lambda view: _says(view, frozenset(roles))


def channels_only(view: View) -> View:
    """A channel that sends ratings, by the token of its own."""
    return _says(view, "channel")


def office() -> Office:
    """The office of this application."""
    found: Office = current_app.extensions["hotline"]
    return found


def actor() -> Actor:
    """Who is signed in; only for views that are not open to all."""
    found: Actor = g.actor
    return found


def sender() -> Sender:
    """The channel whose token came; only for views that are for channels."""
    found: Sender = g.sender
    return found


def visitor() -> Actor | None:
    """Who is signed in, or None."""
    found: Actor | None = g.get("actor")
    return found


def check_no_staff() -> None:
    """Refuses `OwnWork` to whoever is signed in: ratings are given by those who were served."""
    if visitor() is not None:
        raise OwnWork("评价")


def secret_sent() -> str | None:
    """The token or the session that came with this request."""
    if not request.path.startswith(API):
        return request.cookies.get(COOKIE)
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def check_access() -> None:
    """Before each request: refuses `SignInRequired` or `RoleMissing` where the view asks for more than has come.

    No address holds a NUL: PostgreSQL would refuse to look for it.
    """
    if "\0" in request.path:
        raise UnknownThing("这个地址")
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return
    access: str | frozenset[Role] = getattr(view, "access", frozenset())
    if access == "all" and (request.path.startswith(API) or not request.cookies.get(COOKIE)):
        return
    if access == "channel":
        g.sender = _channel()
        return
    try:
        g.actor = _signed_in()
    except SignInRequired:
        if access != "all":
            raise
        return
    if isinstance(access, frozenset) and not access & g.actor.roles:
        raise RoleMissing("打开这一页" if not request.path.startswith(API) else "调用这个接口")


def _channel() -> Sender:
    with office().database.snapshot() as session:
        return rated_bodies.sender_of(session, secret_sent() or "", now=clock.now())


def _signed_in() -> Actor:
    secret = secret_sent()
    if not secret:
        raise SignInRequired()
    with office().database.snapshot() as session:
        return staffing.actor_of(session, secret, now=clock.now())
