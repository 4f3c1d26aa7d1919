"""Reading that is remembered: who opens a confidential file, or looks an enterprise up by a phone.

The page is shown even when the log cannot be written, for somebody may be waiting on the phone; that is an error in the
service's own log.
"""

from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from hotline.casework.intake import identity_views
from hotline.casework.intake.identity_views import View
from hotline.context import Context
from hotline.models.tickets.tickets import Ticket
from hotline.web.access import actor, snapshot, transaction

log = structlog.get_logger()


def opened(ticket: Ticket) -> None:
    """This file was shown to whoever is signed in."""
    view = identity_views.of_file(ticket, actor())
    if view is not None:
        _remember(lambda ctx: view)


def looked_up(phone: str | None) -> None:
    """Whoever is signed in asked who has this phone."""
    if phone:
        _remember(lambda ctx: identity_views.of_phone(ctx, phone))


def _remember(find: Callable[[Context], View | None]) -> None:
    """Most looks are known already: what is only read keeps nobody from writing."""
    try:
        with snapshot() as ctx:
            view = find(ctx)
            if view is None or identity_views.is_known(ctx, view):
                return
        with transaction() as ctx:
            identity_views.keep(ctx, view)
    except SQLAlchemyError as error:
        log.error("view not remembered", error=type(error).__name__)
