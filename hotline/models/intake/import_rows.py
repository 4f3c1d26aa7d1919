"""An import by its id, and what is sealed in it."""

import json
from typing import Any

from sqlalchemy.orm import Session

from hotline.models.database.session import keys_of
from hotline.models.intake.imports import Import
from hotline.rules.refusals import UnknownThing


def import_row(session: Session, import_id: int) -> Import:
    """Return the import; refuse `UnknownThing`."""
    row = session.get(Import, import_id)
    if row is None:
        raise UnknownThing("这次导入")
    return row


def preview_of(session: Session, row: Import) -> dict[str, Any] | None:
    """Return what a draft would become; None once it was started or destroyed."""
    return json.loads(keys_of(session).open(row.sealed_preview)) if row.sealed_preview else None
