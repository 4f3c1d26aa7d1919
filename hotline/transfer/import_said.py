"""Why a row of a file was refused, in one sentence that names the columns as people know them."""

from hotline.rules.intake.import_columns import FIELDS
from hotline.rules.refusals import Refusal


def said(refusal: Refusal) -> str:
    """Return what is wrong with each column, or the refusal's own sentence where it names none."""
    wrong = {at.lstrip("/"): text for at, text in refusal.pointers().items()}
    return "；".join(f"“{FIELDS.get(name, name)}”列{text}" if name else text for name, text in wrong.items()) or (
        refusal.sentence()
    )
