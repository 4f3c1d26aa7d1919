"""A field checked as it is left, by the rule that the whole form is checked with. It says what is wrong with what was typed,
never whether anybody is known by it; what was typed stands in no address and is kept nowhere."""

from collections import Counter
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, request

from hotline import clock
from hotline.rules.intake import credit_code
from hotline.rules.refusals import InvalidInput, TooManyAttempts
from hotline.schemas.base import Form, load
from hotline.schemas.checks import CreditCodeCheckForm, PhoneCheckForm
from hotline.web.access import public, visitor

pages = Blueprint("checks", __name__, url_prefix="/checks")
MOST_A_MINUTE = 60
FORMS: dict[str, type[Form]] = {"credit-code": CreditCodeCheckForm, "phone": PhoneCheckForm}


class Allowance:
    """How often an address may ask within a minute. Each process counts for itself: this spares it work and guards no secret."""

    def __init__(self) -> None:
        self._minute: datetime | None = None
        self._asked: Counter[str] = Counter()

    def take(self, address: str, now: datetime) -> None:
        """One more; refuses `TooManyAttempts`."""
        minute = now.replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute, self._asked = minute, Counter()
        self._asked[address] += 1
        if self._asked[address] > MOST_A_MINUTE:
            raise TooManyAttempts("过1分钟")


@pages.post("/<any('credit-code', 'phone'):name>")
@public
def check(name: str) -> Any:
    """`{"valid": true}`, with a `warning` where it is kept with one, or `{"valid": false, "why": "..."}`.

    Whoever is signed in asks as often as they type.
    """
    if visitor() is None:
        allowance: Allowance = current_app.extensions.setdefault("hotline_checks", Allowance())
        allowance.take(request.remote_addr or "", clock.now())
    try:
        taken = load(FORMS[name](), {"text": request.form.get("text", "")})["text"]
    except InvalidInput as refusal:
        return {"valid": False, "why": refusal.pointers()["/text"]}
    warning = credit_code.warning(taken) if name == "credit-code" else None
    return {"valid": True, "warning": warning} if warning else {"valid": True}
