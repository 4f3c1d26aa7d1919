"""Access: who may call which route, and how a refusal looks to HTTP.

Every view says who it is for (`public`, `login_required`, `roles_required`); one that says nothing lets nobody in. API routes
know a Bearer token and nothing else, pages the session cookie and nothing else.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

import structlog
from flask import current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from hotline.app_context import AppContext
from hotline.casework.accounts import sessions
from hotline.casework.public import look_up
from hotline.casework.ratings import rated_bodies
from hotline.casework.ratings.rated_bodies import Sender
from hotline.context import Context
from hotline.rules import refusals
from hotline.rules.accounts.sign_in import SignedIn
from hotline.rules.actors import VISITOR, Actor
from hotline.rules.refusals import (
    LookUpRefused,
    OwnWork,
    Refusal,
    RoleMissing,
    SecondFactorMissing,
    SignInRequired,
    UnknownThing,
)
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
log = structlog.get_logger()
View = TypeVar("View", bound=Callable[..., Any])
Found = TypeVar("Found")


def status_of(refusal: Refusal) -> int:
    """The status of the family that the refusal belongs to; the log and the figures will know its code."""
    g.refused = refusal.code
    return next(STATUS[family] for family in type(refusal).__mro__ if family in STATUS)


def _says(view: View, access: str | frozenset[Role]) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Without sign-in: what it shows must be public, or proved by a query code."""
    return _says(view, "all")


def login_required(view: View) -> View:
    """Whoever is signed in; what they see is decided by the one predicate of visibility."""
    return _says(view, "staff")


def roles_required(*roles: Role) -> Callable[[View], View]:
    """Whoever holds one of these roles."""
    return lambda view: _says(view, frozenset(roles))


def channel_required(view: View) -> View:
    """A channel that sends ratings, by the token of its own."""
    return _says(view, "channel")


def before_second_factor(view: View) -> View:
    """Reached by whoever still has to switch the second factor on: the way to it, and the way out."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


def without_prolonging(view: View) -> View:
    """What a page asks by itself, nobody being there perhaps: it keeps no session alive."""
    view.prolongs = False  # type: ignore[attr-defined]
    return view


def app_context() -> AppContext:
    """Return the context of this application."""
    found: AppContext = current_app.extensions["hotline"]
    return found


def actor() -> Actor:
    """Who is signed in; only for views that are not open to all."""
    found: Actor = g.actor
    return found


def signed_in() -> SignedIn:
    """The session or the token by which this request came; only for views that are not open to all."""
    found: SignedIn = g.signed_in
    return found


def sender() -> Sender:
    """The channel whose token came; only for views that are for channels."""
    found: Sender = g.sender
    return found


def visitor() -> Actor | None:
    """Who is signed in, or None."""
    found: Actor | None = g.get("actor")
    return found


def transaction(actor: Actor | None = None) -> AbstractContextManager[Context]:
    """Open a transaction of whoever sent this request, or of the enterprise that proved its ticket."""
    return app_context().transaction(actor=actor or visitor() or VISITOR)


def snapshot() -> AbstractContextManager[Context]:
    """Open a snapshot for whoever sent this request."""
    return app_context().snapshot(actor=visitor() or VISITOR)


def replica_read(read: Callable[[Context], Found], after: int = 0) -> Found:
    """Return what `read` makes of lists and figures that may be some seconds old, for whoever sent this request."""
    return app_context().replica_read(read, visitor() or VISITOR, after=after)


@contextmanager
def enterprise_access(number: str, code: str) -> Iterator[Context]:
    """Open a snapshot for the enterprise that proves a ticket by its query code.

    A wrong guess is refused (`LookUpRefused`) and counted all the same, by the address that it came from.
    """
    address = request.remote_addr or ""
    try:
        with app_context().snapshot(actor=VISITOR) as ctx:
            yield ctx.by(look_up.enterprise_of(ctx, number, code, address))
    except LookUpRefused:
        with transaction() as ctx:
            look_up.count_failure(ctx, number, address)
        raise


def enterprise(number: str, code: str) -> Actor:
    """Return the enterprise that proves this ticket; refuse as `enterprise_access` does."""
    with enterprise_access(number, code) as ctx:
        return ctx.actor


def check_no_staff() -> None:
    """Refuses `OwnWork` to whoever is signed in: ratings are given by those who were served."""
    if visitor() is not None:
        raise OwnWork("评价")


def cookie_name() -> str:
    """Behind TLS the browser itself sees to it that the cookie is secure, of this host alone and for every path."""
    return f"__Host-{COOKIE}" if app_context().settings.secure_cookies else COOKIE


def secret_sent() -> str | None:
    """The token or the session that came with this request."""
    if not request.path.startswith(API):
        return request.cookies.get(cookie_name())
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
    if access == "all" and (request.path.startswith(API) or not secret_sent()):
        return
    if access == "channel":
        g.sender = _channel()
        return
    try:
        _come_in(getattr(view, "prolongs", True))
    except SignInRequired:
        if access != "all":
            raise
        return
    if isinstance(access, frozenset) and not access & g.actor.roles:
        raise RoleMissing("打开这一页" if not request.path.startswith(API) else "调用这个接口")
    if access != "all" and not getattr(view, "before_second_factor", False):
        _check_second_factor(g.signed_in)


def _channel() -> Sender:
    with app_context().autocommit() as ctx:
        return rated_bodies.sender_of(ctx, secret_sent() or "")


def _come_in(prolongs: bool) -> None:
    secret = secret_sent()
    if not secret:
        raise SignInRequired()
    with app_context().autocommit() as ctx:
        g.signed_in = sessions.signed_in(ctx, secret)
    g.actor = g.signed_in.actor
    seen_at = g.signed_in.seen_at
    if prolongs and seen_at is not None and ctx.now - seen_at >= ctx.rules.sign_in.touch:
        _touch(g.signed_in)


def _touch(come: SignedIn) -> None:
    """Whoever can be let in is let in, also when that cannot be noted; it is an error in the service's own log."""
    try:
        with transaction() as ctx:
            sessions.touch(ctx, come.id)
    except SQLAlchemyError as error:
        log.error("session not noted", error=type(error).__name__)


def _check_second_factor(come: SignedIn) -> None:
    """A token is no person at a keyboard; the administrator gave it out."""
    asked = app_context().rulebook.sign_in.needs_second_factor(come.actor.roles)
    if asked and come.seen_at is not None and not come.has_second_factor:
        raise SecondFactorMissing()
