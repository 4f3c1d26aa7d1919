"""Who may see a ticket, and who may know whose it is."""

from dataclasses import dataclass

import pytest

from hotline.rules.actors import SYSTEM, VISITOR, Actor, Grant
from hotline.rules.dispatch.secrecy import check_unit, is_confidential
from hotline.rules.refusals import SecrecyGuard
from hotline.rules.visibility import scope_of, sees_identity
from hotline.rules.vocabulary import CENTRE_ROLES, UNIT_ROLES, Role, TicketType


@dataclass
class Seen:
    id: int = 5
    desk_path: str | None = "/7/70/"
    confidential: bool = False
    anonymous: bool = False


def who(role: Role, path: str = "/1/") -> Actor:
    return Actor(name="甲", staff_id=1, grants=(Grant(role, path),))


@pytest.mark.parametrize("role", sorted({*CENTRE_ROLES, Role.OUTSOURCED_OPERATOR, Role.INSPECTOR}))
def test_the_centre_and_the_inspector_see_every_ticket(role: Role) -> None:
    assert scope_of(who(role)).covers(Seen())
    assert scope_of(who(role)).covers(Seen(desk_path=None))


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.EDITOR])
def test_an_administrator_and_an_editor_see_none(role: Role) -> None:
    assert not scope_of(who(role, "/")).covers(Seen())


@pytest.mark.parametrize("role", sorted(UNIT_ROLES))
def test_a_unit_sees_its_desk_and_those_below(role: Role) -> None:
    assert scope_of(who(role, "/7/")).covers(Seen())
    assert scope_of(who(role, "/7/70/")).covers(Seen())
    assert not scope_of(who(role, "/7/71/")).covers(Seen())
    assert not scope_of(who(role, "/70/")).covers(Seen())
    assert not scope_of(who(role, "/7/")).covers(Seen(desk_path=None))


def test_an_enterprise_sees_the_ticket_it_proved_and_no_other() -> None:
    assert scope_of(Actor(name="企业", ticket_id=5)).covers(Seen())
    assert not scope_of(Actor(name="企业", ticket_id=6)).covers(Seen())
    assert not scope_of(VISITOR).covers(Seen())


@pytest.mark.parametrize("secret", ["confidential", "anonymous"])
def test_a_unit_never_learns_who_stands_behind_a_secret_ticket(secret: str) -> None:
    ticket = Seen(**{secret: True})
    assert not any(sees_identity(who(role, "/7/"), ticket) for role in UNIT_ROLES)
    assert all(sees_identity(who(role), ticket) for role in CENTRE_ROLES)
    assert sees_identity(SYSTEM, ticket)
    assert sees_identity(who(Role.HANDLER, "/7/"), Seen())


def test_an_inspector_sees_nobody_s_name() -> None:
    assert not sees_identity(who(Role.INSPECTOR), Seen())


def test_a_report_is_confidential_unless_the_caller_says_otherwise() -> None:
    assert is_confidential(TicketType.REPORT, None)
    assert not is_confidential(TicketType.REPORT, False)
    assert not is_confidential(TicketType.COMPLAINT, None)
    assert is_confidential(TicketType.COMPLAINT, True)


@pytest.mark.parametrize("path", ["/7/", "/7/70/"])
def test_a_report_never_goes_to_the_reported_unit_or_below(path: str) -> None:
    with pytest.raises(SecrecyGuard):
        check_unit(TicketType.REPORT, "/7/", path, "某单位")
    check_unit(TicketType.COMPLAINT, "/7/", path, "某单位")
    check_unit(TicketType.REPORT, "/7/", "/8/", "别的单位")
    check_unit(TicketType.REPORT, None, path, "某单位")
