"""Who signs in by something is told when that was changed, at any hour, by every channel they can be reached by."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hotline.app_context import Office
from hotline.casework.accounts import account_admin, accounts, second_factors
from hotline.casework.messages import delivery
from hotline.models.accounts.staff import Staff
from hotline.queries.dashboards import desk
from hotline.rules.accounts.sign_in import AccountChange
from tests.support.cast import PASSWORD, Cast

AT_NIGHT = datetime(2026, 11, 24, 17, tzinfo=UTC)
NEW = "Kupfer-Lampe-und-Regen"


def change(office: Office, cast: Cast, what: AccountChange, work: Any) -> None:
    me, known = cast.handler.staff_id or 0, {"now": work.now, "rulebook": office.rulebook}
    if what is AccountChange.PASSWORD:
        accounts.change_password(work.session, me, PASSWORD, NEW, **known)
    elif what is AccountChange.PASSWORD_SET:
        account_admin.set_password(work.session, "handler", NEW, actor=cast.administrator, **known)
    else:
        second_factors.switch_off(work.session, me, what, now=work.now)


@pytest.mark.parametrize("what", [AccountChange.PASSWORD, AccountChange.PASSWORD_SET, AccountChange.FACTOR_RESET])
def test_a_change_is_told_on_the_desk_and_written_at_night(office: Office, cast: Cast, what: AccountChange) -> None:
    with office.deed(AT_NIGHT) as work:
        work.session.get_one(Staff, cast.handler.staff_id).email = "handler@example.org"
        change(office, cast, what, work)
    with office.deed(AT_NIGHT) as work:
        (told,) = desk.notices_for(work.session, cast.handler, now=work.now)
        assert (told["name"], told["address"]) == ("您的账号", "/account") and what.label in told["text"]
        assert desk.notices_for(work.session, cast.leader, now=work.now) == []
        assert delivery.spread(work.session, ("mail", "webhook"), now=work.now) == 1
    with office.deed(AT_NIGHT) as work:
        (letter,) = delivery.claim(work.session, now=work.now)
    assert (letter.channel, letter.to, letter.about, letter.urgent) == ("mail", "handler@example.org", "您的账号", True)
