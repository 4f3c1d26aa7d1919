"""All clocks of one ticket, kept by hand: what each thing that happens does to them."""

from datetime import datetime

from tests.trials.clock import ORDER, RED, HandClock
from tests.trials.working_time import Days

MINUTES = {"danger": 15, "utility": 30}
RESULT_IN, HANDLE, REWORK = 1440, {"ordinary": 5, "difficult": 15}, {"ordinary": 5, "difficult": 10}
DAYS = {"accept": 3, "sign": 1, "review": 2, "call_back": 5, "request": 1, "supply": 5, "order_issue": 1}
GIVEN_BACK = 2


class Ledger:
    """`orders`: whether each draft of the ladder still waits for a signature, in the order in which they came."""

    def __init__(self, calendar: Days, urgency: str) -> None:
        self.calendar, self.urgency, self.difficulty, self.round = calendar, urgency, "ordinary", 1
        self.clocks: list[HandClock] = []
        self.orders: list[bool] = []
        self.causes: list[str] = []
        self.issuing: list[HandClock] = []
        self.asked: dict[str, HandClock] = {}
        self.signed = self.handling_began_alone = self.refused = False
        self.assists = 0
        self.until: datetime | None = None
        self.submitted: datetime | None = None

    def begin(self, kind: str, at: datetime, **limit: int | None) -> HandClock:
        if kind == "dispatch":
            limit = {}
        elif not limit:
            limit = {"days": DAYS[kind]}
        clock = HandClock(kind, at, self.calendar, **limit)
        self.clocks.append(clock)
        return clock

    def begin_handling(self, at: datetime) -> None:
        days = (HANDLE if self.round == 1 else REWORK)[self.difficulty]
        urgent = self.urgency != "routine" and self.round == 1
        self.begin("handle", at, **({"minutes": RESULT_IN} if urgent else {"days": days}))
        for _ in range(self.assists):
            self.begin("assist", at, days=max(1, (0 if urgent else days) - 1))

    def running(self, *kinds: str) -> list[HandClock]:
        return [clock for clock in self.clocks if clock.runs and (not kinds or clock.kind in kinds)]

    def last(self, kind: str) -> HandClock:
        return [clock for clock in self.clocks if clock.kind == kind][-1]

    def meet(self, now: datetime, *kinds: str) -> None:
        for clock in self.running(*kinds):
            clock.end(now, met=True)

    # --- time

    def advance(self, now: datetime) -> None:
        """What time alone does: a suspension ends at its instant, steps come, a handling begins where nobody signs."""
        if self.until is not None and self.until <= now:
            self.go_on(self.until)
        again = True
        while again:
            again = False
            for clock in list(self.clocks):
                for step, at in clock.climb(now):
                    again |= self._effect(clock, step, at)

    def _effect(self, clock: HandClock, step: int, at: datetime) -> bool:
        if clock.kind == "sign" and step == RED and not self.signed and not self.handling_began_alone:
            self.handling_began_alone = True
            self.begin_handling(clock.due)
            return True
        if step == ORDER and not any(self.orders):
            self.orders.append(True)
            self.causes.append(clock.kind)
            self.issuing.append(self.begin("order_issue", at))
            return True
        return False

    def moved(self, clock: HandClock, moved: bool, stood: int, now: datetime) -> None:
        """A draft lapses where nothing is late any more; it lies there again where its due has come back."""
        if not moved or max(stood, clock.step) < ORDER:
            return
        late = any(one.paused is None and now > one.due for one in self.running("sign", "handle"))
        if any(self.orders) and not late and self.causes[self.orders.index(True)] == clock.kind:
            lapsed = self.orders.index(True)
            self.orders[lapsed] = False
            self.issuing[lapsed].end(now, met=False)
        elif not any(self.orders) and late and clock.step >= ORDER and clock.kind in self.causes:
            back = len(self.causes) - 1 - self.causes[::-1].index(clock.kind)
            self.orders[back] = True
            self.issuing[back].restart(now)

    def change_calendar(self, now: datetime) -> None:
        """Every due that counts days is counted again."""
        self._begin_at_the_new_sign_due(now)
        moves = []
        for clock in self.running():
            if clock.minutes is None:
                stood = clock.step
                moves.append((clock, clock.move(clock.counted(), now), stood))
        for clock, moved, stood in moves:
            self.moved(clock, moved, stood, now)

    def _begin_at_the_new_sign_due(self, now: datetime) -> None:
        """A handling that began alone begins where the signing is due now: it has not begun where that lies ahead."""
        if self.signed or not self.handling_began_alone:
            return
        sign = self.last("sign")
        begins = sign.counted()
        if begins == sign.due:
            return
        self.handling_began_alone = begins <= now
        for clock in self.running("handle", "assist"):
            clock.start = begins
            if begins > now:
                clock.stopped, clock.late = now, False

    # --- deeds

    def go_on(self, now: datetime) -> None:
        self.until = None
        for clock in self.running("handle", "assist"):
            if clock.paused is not None:
                stood = clock.step
                self.moved(clock, clock.resume(now), stood, now)

    def lapse(self, now: datetime) -> None:
        for clock in self.running("request"):
            clock.end(now, met=False)
        self.asked.clear()

    def log(self, now: datetime, difficulty: str | None) -> None:
        self.begin("accept", now)
        if difficulty is not None:
            self.accept(now, difficulty)

    def accept(self, now: datetime, difficulty: str) -> None:
        self.difficulty = difficulty
        self.meet(now, "accept")
        self.begin("dispatch", now)

    def ask_info(self, now: datetime) -> None:
        for clock in self.running("accept"):
            clock.paused = now
        self.begin("supply", now)

    def supply_info(self, now: datetime) -> None:
        self.meet(now, "supply")
        for clock in self.running("accept"):
            clock.resume(now)

    def dispatch(self, now: datetime, assists: int) -> None:
        self.assists = assists
        self.meet(now, "dispatch")
        minutes = MINUTES.get(self.urgency)
        self.begin("sign", now, **({"minutes": minutes} if minutes else {"days": 1}))

    def ask(self, now: datetime, kind: str) -> None:
        self.asked[kind] = self.begin("request", now)
        if kind == "return":
            self.meet(now, "sign")

    def answer(self, now: datetime, kind: str) -> None:
        self.asked.pop(kind).end(now, met=True)

    def refuse_return(self, now: datetime) -> None:
        """The signing goes on where its due has not passed; the handling has begun at it where it has."""
        self.answer(now, "return")
        sign = self.last("sign")
        if now <= sign.counted():
            sign.restart(now)
        elif not self.running("handle"):
            self.begin_handling(sign.counted())

    def sign(self, now: datetime) -> None:
        sign = self.last("sign")
        self.signed = True
        self.meet(now, "sign")
        self.lapse(now)
        if not self.running("handle"):
            self.begin_handling(min(now, sign.counted() if sign.met != now else sign.due))

    def approve_difficult(self, now: datetime) -> None:
        self.answer(now, "difficult")
        self.difficulty = "difficult"
        clock = self.running("handle")[0]
        stood = clock.step
        if clock.minutes is None:
            more = HANDLE if self.round == 1 else REWORK
            gained = more["difficult"] - (clock.days or 0)
            clock.days = more["difficult"]
            self.moved(clock, clock.move(clock.counted(), now), stood, now)
            for helper in self.running("assist"):
                helper.add(gained, now)

    def approve_extension(self, now: datetime, days: int) -> None:
        self.answer(now, "extension")
        for clock in self.running("handle", "assist"):
            stood = clock.step
            self.moved(clock, clock.add(days, now), stood, now)

    def suspend(self, now: datetime, until: datetime) -> None:
        self.answer(now, "suspension")
        self.until = until
        for clock in self.running("handle", "assist"):
            clock.paused = now

    def submit(self, now: datetime) -> None:
        self.meet(now, "assist")
        self.lapse(now)
        handle = self.running("handle")[0]
        handle.end(now, met=False)
        handle.met = now if handle.late else None
        self.submitted = now
        self.begin("review", now)

    def refuse(self, now: datetime) -> None:
        """The first refusal of a round gives back the whole days that the result lay there."""
        assert self.submitted is not None
        self.meet(now, "review")
        handle = self.last("handle")
        given = 0 if self.refused else min(GIVEN_BACK, self.calendar.whole_days(self.submitted, now))
        self.refused, stood = True, handle.step
        self.moved(handle, handle.restart(now), stood, now)
        if given and not handle.late:
            stood = handle.step
            self.moved(handle, handle.add(given, now), stood, now)

    def accept_result(self, now: datetime) -> None:
        handle = self.last("handle")
        handle.met = handle.met or self.submitted
        self.meet(now, "review")
        self.begin("call_back", now)

    def rework(self, now: datetime) -> None:
        self.meet(now, "call_back")
        self.lapse(now)
        self.round, self.refused, self.assists = self.round + 1, False, 0
        self.begin_handling(now)
