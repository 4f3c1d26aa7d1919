"""By what the telephone of a caller is found, who is sealed."""

from sqlalchemy.orm import Session

from hotline.models.database.session import keys_of
from hotline.rules.intake.phone import main_number


def phone_hash(session: Session, phone: str) -> str:
    """Return the keyed hash of a number (in its one form): that of a switchboard, whatever the extension."""
    return keys_of(session).digest("phone", main_number(phone))
