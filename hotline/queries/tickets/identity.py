"""Whose matter it is: hidden where secrecy asks for it, masked for everybody else; in clear only by `reveal_contact`."""

import json
from typing import Any

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.database.session import keys_of
from hotline.models.intake.enterprises import Contact, Enterprise
from hotline.models.tickets.tickets import Ticket
from hotline.queries.formatting import instant
from hotline.rules.actors import Actor
from hotline.rules.intake import credit_code
from hotline.rules.masking import mask_email, mask_name, mask_phone
from hotline.rules.visibility import sees_identity

HIDDEN: dict[str, Any] = {"enterprise": None, "contact": None, "contact_destroyed_at": None, "identity_hidden": True}


def identity_of(ctx: Context, ticket: Ticket) -> dict[str, Any]:
    """`enterprise` and the masked `contact`, or neither where the reader must not know."""
    if not sees_identity(ctx.actor, ticket):
        return HIDDEN
    contact = ctx.session.get(Contact, ticket.contact_id) if ticket.contact_id else None
    return {
        "enterprise": _enterprise(ctx.session, ticket.enterprise_id) if ticket.enterprise_id else None,
        "contact": masked_contact(ctx.session, contact) if contact and contact.destroyed_at is None else None,
        "contact_destroyed_at": instant(contact.destroyed_at) if contact else None,
        "identity_hidden": False,
    }


def _enterprise(session: Session, enterprise_id: int) -> dict[str, Any]:
    """As staff have established it; what the ticket itself says beside it, where that differs."""
    given = session.get_one(Enterprise, enterprise_id)
    head = session.get_one(Enterprise, given.head_id) if given.head_id else given
    code = head.credit_code or head.given_code
    return {
        "id": head.id,
        "name": head.name,
        "credit_code": code,
        "credit_code_warning": credit_code.warning(code),
        "verified": head.verified_at is not None,
        "given_name": given.name if given.name != head.name else None,
    }


def listed_enterprise(actor: Actor, row: Any) -> dict[str, Any]:
    """Return `enterprise` and whether it is verified for a list, from a row with both; nothing where that is hidden."""
    seen = sees_identity(actor, row)
    return {
        "enterprise": row.enterprise_name if seen else None,
        "enterprise_verified": row.enterprise_verified if seen else None,
    }


def masked_contact(session: Session, contact: Contact) -> dict[str, Any]:
    """What of a contact may stand on a screen."""
    clear = json.loads(keys_of(session).open(contact.sealed))
    masks = {"name": mask_name, "phone": mask_phone, "email": mask_email}
    return {field: mask(clear[field]) if clear.get(field) else None for field, mask in masks.items()}
