"""What each does all day: the centre's people, the clerks, the enterprises. Every pause is one of the lived day, pressed."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from benchmarks.fill import CODE, number_of
from benchmarks.load.browser import Answer, Browser
from benchmarks.load.day import Day

NUMBER = r'href="/tickets/(QS\d+)"'
KINDS = ("complaint", "complaint", "help", "suggestion", "consult")
MATTERS = (
    ("营业执照变更登记材料齐全窗口不受理", "licensing-delay"),
    ("申请的稳岗补贴三个月没有到账", "licensing-delay"),
    ("施工许可审批超过承诺的期限", "licensing-delay"),
    ("税务窗口要求重复提交材料", "licensing-delay"),
    ("厂区门口道路占道影响货车进出", "licensing-delay"),
    ("供电增容申请一直没有答复", "licensing-delay"),
)


@dataclass
class Known:
    """What the day's people know in common."""

    day: Day
    chance: random.Random
    stored: int
    units: list[str]
    calls: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    logged: list[str] = field(default_factory=list)

    async def pause(self, seconds: float) -> None:
        """So many seconds of the lived day on average."""
        await asyncio.sleep(self.day.lived(self.chance.expovariate(1 / seconds)))

    def words(self) -> tuple[str, str]:
        title, category = self.chance.choice(MATTERS)
        return f"{title}（{self.chance.randrange(10**6)}）", category


async def operator(me: Browser, known: Known) -> None:
    """Waits for a call, types while suggestions stand beside, logs or answers, and is free again: some six minutes."""
    await me.get("operator: the screen", "/operator")
    while not known.day.over():
        phone = await known.calls.get()
        rung = await me.get("operator: a call comes in", f"/operator?phone={phone}")
        title, category = known.words()
        typed = {"contact.phone": phone, "enterprise.name": f"第{phone[-4:]}家企业", "title": "", "content": ""}
        for end in (6, 12, len(title)):
            await known.pause(90)
            typed |= {"title": title[:end], "content": f"{title[:end]}，请尽快处理。"}
            await me.post("operator: suggestions while typing", "/operator/suggestions", typed)
        await known.pause(60)
        await _log(me, known, {**typed, "category": category}, rung)
        await known.pause(30)


async def _log(me: Browser, known: Known, typed: dict[str, str], rung: Answer) -> None:
    kind = known.chance.choice(KINDS)
    sent = {**typed, "type": kind, "difficulty": "ordinary", "urgency": "routine", "channel": "phone"}
    sent |= {name: value for name in ("once", "call_id") for value in rung.find(rf'name="{name}" value="([^"]+)"')}
    if kind == "consult":
        sent["answer.reply"] = "已按现行政策口头解答，企业表示清楚。"
    answer = await me.post("operator: log", "/operator", sent)
    known.logged += answer.find(r'<a class="number" href="/tickets/(QS\d+)"')[:1] or answer.find(r"(QS\d{14})")[:1]


async def dispatcher(me: Browser, known: Known) -> None:
    """Every few minutes whatever waits, one after the other."""
    while not known.day.over():
        await known.pause(240)
        desk = await me.get("dispatcher: the desk", "/dispatch")
        waiting = desk.find(r'action="/dispatch/(QS\d+)"')
        if not waiting:
            continue
        number = known.chance.choice(waiting)
        form = desk.text.split(f'action="/dispatch/{number}"')[1].split("</form>")[0]
        fields = {"unit": known.chance.choice(known.units)}
        if 'name="accept"' in form:
            fields |= {"accept": "yes", "type": "complaint", "difficulty": "ordinary", "category": "licensing-delay"}
        await me.post("dispatcher: dispatch", f"/dispatch/{number}", fields)


async def clerk(me: Browser, known: Known) -> None:
    """Opens the desk between other duties, some five times a day: signs, writes to one enterprise, hands in a result."""
    while not known.day.over():
        await known.pause(5_700)
        desk = await me.get("clerk: the desk", "/unit")
        if (to_sign := desk.find(r'name="numbers\[\]" value="(QS\d+)"')) and known.chance.random() < 0.5:
            chosen = known.chance.sample(to_sign, min(3, len(to_sign)))
            await me.post("clerk: sign up to three", "/unit/sign", [("numbers[]", number) for number in chosen])
        if (shown := desk.find(NUMBER)) and known.chance.random() < 0.5:
            await _handle(me, known, known.chance.choice(shown))


async def _handle(me: Browser, known: Known, number: str) -> None:
    file = await me.get("the file of a ticket", f"/tickets/{number}")
    await known.pause(300)
    if "/do/record_contact" in file.text:
        fields = {"summary": "已电话联系企业，核实情况。"}
        file = await me.post("clerk: contact with the enterprise", f"/tickets/{number}/do/record_contact", fields)
    await known.pause(600)
    if "/do/submit_result" in file.text:
        fields = {"kind": "solved", "reply": "已受理并办结，材料无需重复提交。"}
        await me.post("clerk: hand in the result", f"/tickets/{number}/do/submit_result", fields)


async def reviewer(me: Browser, known: Known) -> None:
    """Passes a result, then takes the next ticket, calls back and closes it."""
    while not known.day.over():
        await known.pause(420)
        desk = await me.get("reviewer: call-backs", "/call-backs")
        reviews = desk.find(NUMBER)
        if reviews:
            number = known.chance.choice(reviews)
            file = await me.get("the file of a ticket", f"/tickets/{number}")
            if "/do/audit_pass" in file.text:
                await me.post("reviewer: pass a result", f"/tickets/{number}/do/audit_pass", {})
        await _call_back(me, known)


async def _call_back(me: Browser, known: Known) -> None:
    file = await me.post("reviewer: take the next", "/call-backs/next", {})
    taken = file.find(r'action="/tickets/(QS\d+)/do/record_call_back"')
    if not taken:
        return
    await known.pause(180)
    heard = {"connected": "true", "solved": "solved", "satisfaction": "satisfied"}
    await me.post("reviewer: what was heard", f"/tickets/{taken[0]}/do/record_call_back", heard)
    await me.post("reviewer: close", f"/tickets/{taken[0]}/do/close", {"outcome": "solved"})


async def on_the_wall(me: Browser, known: Known) -> None:
    """The wall, which asks anew every twenty seconds."""
    while not known.day.over():
        await me.get("supervisor: the wall", "/supervision")
        await asyncio.sleep(known.day.lived(20))


async def supervisor(me: Browser, known: Known) -> None:
    """Lists, and now and then the figures of the month."""
    while not known.day.over():
        await known.pause(300)
        unit = known.chance.choice(known.units)
        lists = ("?overdue=true", f"?unit={unit}", f"?unit={unit}&sort=-received", "?state=handling", "?q=诉求")
        await me.get("supervisor: a list", f"/tickets{known.chance.choice(lists)}")
        if known.chance.random() < 0.05:
            await me.get("supervisor: the month's figures", "/statistics")


async def enterprise(me: Browser, known: Known) -> None:
    """Somebody new each time: looks up an old ticket, and rates it; or submits a matter of their own."""
    while not known.day.over():
        await known.pause(3_600)
        me.cookies.clear()
        me.address = f"10.{known.chance.randrange(256)}.{known.chance.randrange(256)}.{known.chance.randrange(256)}"
        await (_submits if known.chance.random() < 0.25 else _looks_up)(me, known)


async def _looks_up(me: Browser, known: Known) -> None:
    await me.get("enterprise: the front page", "/")
    proof = {"number": number_of(known.stored - known.chance.randrange(5_000)), "code": CODE}
    found = await me.post("enterprise: look up", "/look-up", proof)
    if 'action="/rate"' in found.text:
        await me.post("enterprise: rate", "/rate", {**proof, "level": "satisfied"})


async def _submits(me: Browser, known: Known) -> None:
    form = await me.get("enterprise: the form", "/submit")
    once = (form.find(r'name="once" value="([^"]+)"') or [""])[0]
    title, category = known.words()
    fields = {"once": once, "title": title, "content": f"{title}。", "category": category, "type": "complaint"}
    fields |= {"enterprise.name": "襄阳某企业", "contact.phone": f"139{known.chance.randrange(10**8):08d}"}
    answer = await me.post("enterprise: submit", "/submit", fields)
    known.logged += answer.find(r"(QS\d{14})")[:1]


WORK: dict[str, Callable[[Browser, Known], Awaitable[None]]] = {
    "operator": operator,
    "dispatcher": dispatcher,
    "clerk": clerk,
    "reviewer": reviewer,
    "supervisor": supervisor,
    "wall": on_the_wall,
}
