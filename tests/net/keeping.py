"""What is sent and kept: each person does to each ticket what the ticket's file says they may, and others send what is new."""

from collections import Counter
from pathlib import Path
from typing import Any

from flask import Flask

from tests.net.answers import told
from tests.net.data import Data
from tests.net.people import Person, people_of
from tests.net.reading import without_codes
from tests.net.writing import write
from tests.support.bodies import ACTIONS, DEEDS

API = "/api/v1"
WHO = {"name": "王小明", "phone": "13812345678"}
MATTER = {"title": "窗口不受理", "content": "材料齐全，窗口不受理。", "contact": WHO}
FIRM = {"enterprise": {"name": "襄阳甲乙机械有限公司"}}
CHECK_UP = {"employees": 35, "field": "机械制造", "subjects": ["contracts", "employment"], "contact": WHO, **FIRM}
LOGGED = {**MATTER, "type": "complaint", "category": "licensing-delay", "difficulty": "ordinary", **FIRM}
POLICY = {
    "title": "新办法",
    "published_on": "2026-11-24",
    "owner_unit": "tax",
    "document_number": "襄政发〔2026〕9号",
    "issuer": "市政府",
}
RATING = {
    "body": "city-hall",
    "occasion": "n1",
    "rater": "r1",
    "level": "very_dissatisfied",
    "reasons": ["too_slow"],
    "remark": "慢",
}
NEW: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("nobody", f"{API}/public/tickets", MATTER),
    ("nobody", f"{API}/public/legal/consultations", MATTER),
    ("nobody", f"{API}/public/legal/check-ups", CHECK_UP),
    ("nobody", f"{API}/public/knowledge/articles/company-opening/votes", {"solved": True}),
    ("operator", f"{API}/calls", {"phone": "13812345678"}),
    ("operator", f"{API}/tickets", LOGGED),
    ("outsourced", f"{API}/tickets", {**LOGGED, "type": "report", "confidential": True}),
    ("operator", f"{API}/knowledge/articles/company-opening/errors", {"kind": "outdated", "text": "电话已变更"}),
    ("operator", f"{API}/knowledge/articles/company-opening/votes", {"solved": False}),
    ("editor", f"{API}/knowledge/policies", POLICY),
    ("editor", f"{API}/knowledge/articles/company-closing/actions/revise", {}),
    ("editor", f"{API}/knowledge/articles/company-closing/actions/submit", {}),
    ("editor", f"{API}/knowledge/articles/company-opening/actions/suspend", {"text": "先停用"}),
    ("channel", f"{API}/ratings", RATING),
    ("channel", f"{API}/ratings", RATING),
    ("channel", f"{API}/ratings/links", {"body": "city-hall", "occasion": "n2", "days": 7}),
    ("reviewer", f"{API}/call-backs/next", {}),
    ("supervisor", "/saved-filters", {"page": "/tickets", "name": "我的", "query": "state=handling"}),
    ("leader", "/unit/templates", {"name": "新模板", "text": "关于{标题}"}),
    ("supervisor", "/rated-bodies/city-hall/renew", {}),
    ("administrator", "/admin/staff", {"username": "newcomer", "name": "新人", "unit": "tax", "roles": ["handler"]}),
    ("administrator", "/admin/staff/lawyer/disable", {"reason": "离职"}),
    ("administrator", "/admin/units/tax/duty", {"duty_phone": "0710-1234567"}),
    ("leader", f"{API}/notices/read", {"last": 10**6}),
)
OF_CODE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("actions/remind", {"text": "请尽快"}),
    ("actions/supply_info", {"text": "编号为123"}),
    ("ratings", {"level": "very_dissatisfied", "reasons": ["shirking"], "remark": "推诿"}),
    ("actions/object", {"text": "没有解决"}),
    ("actions/withdraw", {}),
)


def send_and_keep(app: Flask, data: Data, values: dict[str, list[Any]], folder: Path) -> int:
    """Send it all, write what was answered; return how many answers there were."""
    people = {person.name: person for person in people_of(app, data)}
    lines = [_sent(people[who], address, body, data) for who, address, body in NEW]
    done: Counter[str] = Counter()
    workers = [person for name, person in people.items() if name in data.tokens]
    for number in values["number"]:
        lines += [line for person in workers for line in _turn(person, number, done, data)]
    for place, (number, code) in enumerate(data.codes.items()):
        # Whoever guesses is locked out by the address: this one has one of its own.
        enterprise = Person(app, "enterprise", None, 100 + place)
        lines.append(_sent(enterprise, "/look-up", {"number": number, "code": code}, data))
        path, body = OF_CODE[place % len(OF_CODE)]
        lines.append(_sent(enterprise, f"{API}/public/tickets/{number}/{path}", {"code": code, **body}, data))
    write(folder, "kept.txt", "\n\n".join(lines))
    return len(lines)


def _turn(person: Person, number: str, done: "Counter[str]", data: Data) -> list[str]:
    """What this person may do now and was seldom done yet."""
    file = person.open("GET", f"{API}/tickets/{number}").get_json()
    names = [*file.get("allowed_actions", ()), *file.get("allowed_deeds", ())]
    ways = {name: _way(name, file) for name in names}
    for name in sorted((name for name in names if ways[name]), key=lambda name: (done[name], name))[:1]:
        done[name] += 1
        path, body = ways[name] or ("", {})
        address = f"{API}{path}" if path.startswith("/") else f"{API}/tickets/{number}/{path}"
        return [_sent(person, address, body, data)]
    return []


def _way(name: str, file: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """Where a deed is sent and with what; None where there is nothing to send it about."""
    bodies: dict[str, Any] = {str(deed): known for deed, known in DEEDS.items()}
    path, body = bodies.get(name) or (
        f"actions/{name}",
        {str(row): given for row, given in ACTIONS.items()}.get(name, {}),
    )
    parts = path.strip("/").split("/")
    if len(parts) < 3:
        return path, body
    rows = file.get({"tracked": "tracked_items"}.get(parts[0], parts[0])) or file.get(parts[0])
    if not rows:
        return None
    parts[1] = str(rows[-1].get("number") or rows[-1].get("id"))
    return ("/" if path.startswith("/") else "") + "/".join(parts), body


def _sent(person: Person, address: str, body: dict[str, Any], data: Data) -> str:
    answer = person.post(address, body)
    return without_codes(f"{person.name} POST {address} {body}\n{told(answer, brief=True)}", data)
