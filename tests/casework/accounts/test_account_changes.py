"""Who signs in by something is told when that was changed, at any hour, by every channel they can be reached by."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hotline.app_context import AppContext
from hotline.casework.accounts import account_admin, accounts, second_factors
from hotline.casework.messages import delivery
from hotline.models.accounts.staff import Staff
from hotline.queries.messages.notices import notices_for
from hotline.rules.accounts.sign_in import AccountChange
from tests.support.cast import PASSWORD, Cast

AT_NIGHT = datetime(2026, 11, 24, 17, tzinfo=UTC)
NEW = "Kupfer-Lampe-und-Regen"


def change(app_context: AppContext, cast: Cast, what: AccountChange, ctx: Any) -> None:
    me = cast.handler.staff_id or 0
    if what is AccountChange.PASSWORD:
        accounts.change_password(ctx, me, PASSWORD, NEW)
    elif what is AccountChange.PASSWORD_SET:
        account_admin.set_password(ctx.by(cast.administrator), "handler", NEW)
    else:
        second_factors.switch_off(ctx, me, what)


@pytest.mark.parametrize("what", [AccountChange.PASSWORD, AccountChange.PASSWORD_SET, AccountChange.FACTOR_RESET])
def test_a_change_is_told_on_the_desk_and_written_at_night(
    app_context: AppContext, cast: Cast, what: AccountChange
) -> None:
    with app_context.transaction(AT_NIGHT) as ctx:
        ctx.session.get_one(Staff, cast.handler.staff_id).email = "handler@example.org"
        change(app_context, cast, what, ctx)
    with app_context.transaction(AT_NIGHT) as ctx:
        (told,) = notices_for(ctx.by(cast.handler))["items"]
        assert (told["name"], told["address"]) == ("您的账号", "/account") and what.label in told["text"]
        assert notices_for(ctx.by(cast.leader))["items"] == []
        assert delivery.spread(ctx, ("mail", "webhook")) == 1
    with app_context.transaction(AT_NIGHT) as ctx:
        (letter,) = delivery.claim(ctx)
    assert (letter.channel, letter.to, letter.about, letter.urgent) == ("mail", "handler@example.org", "您的账号", True)
