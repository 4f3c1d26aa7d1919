"""The log of the administration: every change outside a ticket leaves one line, in the transaction of the change."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hotline.models.accounts.audit_log import AdministrationEntry
from hotline.rules.accounts.administration import AdminDeed
from hotline.rules.actors import Actor


def record(
    session: Session, deed: AdminDeed, subject: str, name: str, *, actor: Actor, now: datetime, **data: Any
) -> None:
    """One line; `data` holds no password, no token and no address of a person."""
    session.add(
        AdministrationEntry(
            at=now, actor_id=actor.staff_id, actor=actor.name, deed=deed, subject=subject, name=name, data=data
        )
    )
    session.flush()
