"""The demonstration's ratings of halls and windows: last month's with their rectifications done, this week's still open."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.intake import attachments
from hotline.casework.intake.attachments import Upload
from hotline.casework.ratings import body_rating, rectification
from hotline.casework.ratings.body_rating import BodyRating
from hotline.casework.ratings.rating import RatingGiven
from hotline.casework.tickets.contacts import ContactGiven
from hotline.demo.walk import Day
from hotline.models.ratings.rectifications import Rectification
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import Actor
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.ratings.rating import RatedBy
from hotline.rules.reason_codes import Finding
from hotline.rules.vocabulary import Satisfaction

WINDOW, TERMINALS = "city-hall-registration", "hall-terminals"
GOOD_BODIES = (WINDOW, "city-hall", "city-hall-real-estate", "city-hall-social-insurance", "city-hall-terminal")
GOOD = (Satisfaction.VERY_SATISFIED, Satisfaction.SATISFIED, Satisfaction.BASICALLY_SATISFIED)
GOOD_COUNT, BAD_COUNT = 120, 6
PROOF = b"%PDF-1.4\n% demonstration\n"


class Halls:
    """`go` rates; every instant is one of the day's."""

    def __init__(self, app_context: AppContext, people: Mapping[str, Actor], day: Day) -> None:
        self.app_context, self.people, self.day = app_context, people, day
        # The last working day of the month before, so that a month that is over has something to show.
        self.last = next(back for back in range(1, 40) if local(day.back(back, 9)).month != local(day.now).month)

    def go(self) -> None:
        for n in range(GOOD_COUNT):
            at = self.day.back(self.last + n % 10, 9 + n % 8)
            self._rate(GOOD_BODIES[n % len(GOOD_BODIES)], f"G{n}", RatingGiven(GOOD[n % 3]), at)
        for n in range(BAD_COUNT):
            slow = RatingGiven(Satisfaction.DISSATISFIED, ("too_slow",), "取号后等了两个小时。")
            kept = self._rate(WINDOW, f"B{n}", slow, self.day.back(self.last + 9, 10))
            self._mend(kept, late=n == 0)
        bad = RatingGiven(Satisfaction.VERY_DISSATISFIED, ("attitude",), "窗口人员态度生硬。")
        self._rate(WINDOW, "B-new", bad, self.day.back(0, 9))
        contact = ContactGiven(phone="+8613900001234")
        self._rate("city-hall", "sheet", bad, self.day.back(0, 9), RatedBy.QR, contact)

    def _rate(
        self,
        body: str,
        occasion: str,
        given: RatingGiven,
        at: datetime,
        channel: str = TERMINALS,
        contact: ContactGiven | None = None,
    ) -> str | None:
        with self.app_context.transaction(at) as ctx:
            rated = BodyRating(
                body_rating.body_of(ctx.session, body),
                occasion,
                occasion,
                channel,
                given,
                verified=channel == TERMINALS,
                contact=contact or ContactGiven(),
            )
            return body_rating.rate_body(ctx.at(at), rated).number

    def _mend(self, number: str | None, *, late: bool) -> None:
        """The whole loop, by the actions that everybody uses."""
        assert number is not None, "a verified bad rating has opened its case"
        first = self.last + 9
        case = self._case(number)
        self._do(first - 1, "reviewer", rectification.verify, case, rectification.Verification(Finding.TRUE, "属实"))
        done = first - (8 if late else 3)
        with self.app_context.transaction(self.day.back(done, 9)) as ctx:
            upload, store = Upload("整改证明.pdf", PROOF), self.app_context.store
            file = attachments.attach(ctx.by(self.people["leader"]), number, upload, store=store, scanner=None)
            mending = rectification.Mending("增开一个窗口，午间轮班。", "已向企业说明并致歉。", (file.id,))
        self._do(done, "leader", rectification.mend, case, mending)
        self._do(done - 1, "reviewer", rectification.recheck, case, rectification.Recheck(True, "企业认可"))
        self._do(done - 1, "supervisor", rectification.confirm, case, rectification.Words("同意销号"))

    def _case(self, number: str) -> str:
        query = select(Rectification.number).join(Ticket, Ticket.id == Rectification.ticket_id)
        with self.app_context.snapshot() as ctx:
            return ctx.session.scalars(query.where(Ticket.number == number)).one()

    def _do(self, back: int, who: str, does: Any, case: str, given: Any) -> None:
        with self.app_context.transaction(self.day.back(back, 10)) as ctx:
            does(ctx.by(self.people[who]), case, given)
