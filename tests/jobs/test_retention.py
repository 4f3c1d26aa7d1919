"""Who spoke for an enterprise is forgotten when nothing needs it any more; what is still needed stays."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from hotline import clock
from hotline.app_context import AppContext
from hotline.casework.tickets import contacts
from hotline.casework.tickets.contacts import ContactGiven
from hotline.casework.tickets.timeline import verify
from hotline.jobs import cleanup
from hotline.jobs.run import Run
from hotline.models.intake.enterprises import Contact
from hotline.models.tickets.tickets import Ticket
from hotline.rules.refusals import UnknownThing
from hotline.settings.config_files import BadSettings, resource
from hotline.settings.rulebook import contacts_from
from tests.support.build import PHONE, Builder
from tests.support.calls import Calls

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
KEPT = 3 * timedelta(days=366)


def contact_of(app_context: AppContext, number: str) -> Contact:
    with app_context.snapshot() as ctx:
        query = select(Contact).join(Ticket, Ticket.contact_id == Contact.id).where(Ticket.number == number)
        return ctx.session.scalars(query).one()


def test_a_contact_is_destroyed_three_years_after_its_last_matter_ended(
    app_context: AppContext, build: Builder
) -> None:
    number = build.ticket("closed", NOW)
    cleanup.run(Run(app_context, NOW + KEPT - timedelta(days=1)))
    assert contact_of(app_context, number).destroyed_at is None
    late = NOW + KEPT + timedelta(days=1)
    cleanup.run(Run(app_context, late))
    gone = contact_of(app_context, number)
    assert (gone.sealed, gone.digest, gone.phone_hash, gone.destroyed_at) == (b"", "", None, late)
    with app_context.snapshot() as ctx:
        assert [broken for _, broken in verify(ctx.session) if broken] == []
    with pytest.raises(UnknownThing, match="已按保存期限销毁"):
        build.do("operator", contacts.reveal, number, contacts.Reason("回访"), now=late)


def test_what_an_open_matter_needs_stays(app_context: AppContext, build: Builder) -> None:
    number = build.ticket("handling", NOW)
    cleanup.run(Run(app_context, NOW + 2 * KEPT))
    assert contact_of(app_context, number).destroyed_at is None


def test_what_a_tracked_promise_needs_stays_although_its_ticket_is_closed(
    call: Calls, app_context: AppContext, build: Builder
) -> None:
    with freeze_time(NOW):
        number = build.ticket("handling", clock.now())
        path = f"/tickets/{number}"
        call.ok("handler", "POST", f"{path}/actions/record_contact", {"summary": "电话"})
        asked = {"kind": "promised", "until": "2026-12-18", "reason": "需要施工"}
        request = call.ok("leader", "POST", f"{path}/requests", asked)["requests"][-1]["id"]
        call.ok("supervisor", "POST", f"{path}/requests/{request}/decision", {"approve": True, "reason": "同意"})
        result = {"kind": "promised", "reply": "12月18日前完成，此为阶段性答复。"}
        call.ok("leader", "POST", f"{path}/actions/submit_result", result)
        call.ok("reviewer", "POST", f"{path}/actions/audit_pass", {})
        said = {"connected": True, "contacted_by_unit": True, "solved": "unsolved", "satisfaction": "satisfied"}
        call.ok("reviewer", "POST", f"{path}/call-backs", said)
        assert call.ok("reviewer", "POST", f"{path}/actions/close", {"outcome": "tracked"})["state"] == "closed"
    cleanup.run(Run(app_context, NOW + 2 * KEPT))
    assert contact_of(app_context, number).destroyed_at is None


def test_a_version_that_may_soon_be_destroyed_is_not_used_again(app_context: AppContext, build: Builder) -> None:
    """Whoever calls while the job runs must not end in what it is destroying."""
    first = build.ticket("closed", NOW)
    again = build.ticket("closed", NOW + timedelta(days=300))
    later = build.ticket("closed", NOW + timedelta(days=370))
    ids = [contact_of(app_context, number).id for number in (first, again, later)]
    assert ids[0] == ids[1] != ids[2]
    cleanup.run(Run(app_context, NOW + timedelta(days=320) + KEPT))
    assert [contact_of(app_context, number).destroyed_at is None for number in (first, later)] == [False, True]
    with app_context.snapshot() as ctx:
        assert contacts.opened(ctx.session, contact_of(app_context, later)) == ContactGiven("王小明", PHONE, None)


def test_two_years_are_the_least(tmp_path: Path) -> None:
    text = (resource("config") / "security.toml").read_text(encoding="utf-8")
    (tmp_path / "security.toml").write_text(text.replace("kept_years = 3", "kept_years = 1"), encoding="utf-8")
    with pytest.raises(BadSettings, match="至少保留两年"):
        contacts_from(tmp_path / "security.toml")
