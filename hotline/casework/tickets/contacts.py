"""Who calls: enterprises are public data, the persons who speak for them are sealed and looked up by a keyed hash."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.tickets.access import open_for
from hotline.context import Context
from hotline.models.database.session import keys_of
from hotline.models.intake.enterprises import Contact, Enterprise, IdentityView
from hotline.models.intake.phone_hash import phone_hash
from hotline.rules.refusals import RoleMissing, UnknownThing
from hotline.rules.visibility import sees_identity
from hotline.rules.vocabulary import Action
from hotline.security.keys import CIPHER, KEY_VERSION


@dataclass(frozen=True, slots=True)
class EnterpriseGiven:
    """`credit_code` in its one form (checked by the form), or None when the caller does not know it."""

    name: str
    credit_code: str | None = None


@dataclass(frozen=True, slots=True)
class ContactGiven:
    """`phone` in its one form (+86...), as the form made it."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None


def contact_for(ctx: Context, enterprise: Enterprise | None, given: ContactGiven) -> Contact | None:
    """The sealed version of this contact; a new one only when something changed, or when it is too old."""
    if not any((given.name, given.phone, given.email)):
        return None
    new = Contact(**version_row(ctx, enterprise.id if enterprise else None, given))
    same = (Contact.phone_hash == new.phone_hash, Contact.digest == new.digest, Contact.destroyed_at.is_(None))
    query = select(Contact).where(*same, Contact.created_at > ctx.rules.contacts.used_again_since(ctx.now))
    found = ctx.session.scalars(query.limit(1)).first() if new.phone_hash else None
    if found is None:
        ctx.session.add(new)
        ctx.session.flush()
    return found or new


def version_row(ctx: Context, enterprise_id: int | None, given: ContactGiven) -> dict[str, Any]:
    """Return the columns of a sealed version of this contact, for one row or for an insert of many."""
    keys, text = keys_of(ctx.session), json.dumps(asdict(given), ensure_ascii=False, sort_keys=True)
    return {
        "enterprise_id": enterprise_id,
        "cipher": CIPHER,
        "key_version": KEY_VERSION,
        "sealed": keys.seal(text),
        "digest": keys.digest("contact", f"{enterprise_id}:{text}"),
        "phone_hash": phone_hash(ctx.session, given.phone) if given.phone else None,
        "created_at": ctx.now,
    }


def opened(session: Session, contact: Contact) -> ContactGiven:
    """The contact in clear; every caller answers for who gets to see it."""
    return ContactGiven(**json.loads(keys_of(session).open(contact.sealed)))


@dataclass(frozen=True, slots=True)
class Reason:
    reason: str


def reveal(ctx: Context, number: str, given: Reason) -> ContactGiven:
    """Shows the contact in clear, with a reason, and remembers who looked.

    Refuses `RoleMissing` to a unit on a confidential or anonymous ticket, `UnknownThing` when nobody left a contact.
    """
    ticket = open_for(ctx, number, Action.REVEAL_CONTACT)
    if not sees_identity(ctx.actor, ticket):
        raise RoleMissing(Action.REVEAL_CONTACT.label)
    contact = ctx.session.get(Contact, ticket.contact_id) if ticket.contact_id else None
    if contact is None or contact.destroyed_at is not None:
        raise UnknownThing("联系方式，已按保存期限销毁" if contact else "联系方式")
    assert ctx.actor.staff_id is not None
    ctx.session.add(
        IdentityView(
            staff_id=ctx.actor.staff_id, ticket_id=ticket.id, contact_id=contact.id, at=ctx.now, reason=given.reason
        )
    )
    return opened(ctx.session, contact)
