"""What a visitor hands in by a form: once, however often it is sent, and the page that answers it."""

from typing import Any

from flask import render_template, request

from hotline.casework.intake import idempotency, intake
from hotline.casework.public import public_submission
from hotline.pages.sent import Sent
from hotline.queries.formatting import instant
from hotline.rules.refusals import KeyReused, SentBefore
from hotline.web.access import app_context, transaction

LONGEST_KEY = 80
# No address is asked for: who lost the connection may well come back from another one. The key is a secret of the form.
OWNER = "visitor"


def hand_in(form: str, call: intake.NewCall, sent: Sent) -> Any:
    """Logs the matter and tells number and query code. Refuses `SentBefore` where the form was sent with something else."""
    with transaction() as ctx:

        def make() -> dict[str, Any]:
            address = request.remote_addr or ""
            logged = public_submission.submit(ctx, call, address)
            return {"number": logged.ticket.number, "code": logged.query_code, "due_at": instant(logged.ticket.due_at)}

        try:
            made, _ = idempotency.once(ctx, OWNER, sent.once[:LONGEST_KEY], sent.typed, make)
        except KeyReused:
            raise SentBefore() from None
    return render_template("public/submitted.html", form=form, limits=app_context().rulebook.limits, **made), 201
