"""Whatever can be sent, sent by everybody: with an empty body and with a plain one, nothing of it being kept."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from tests.net.addresses import filled
from tests.net.answers import told
from tests.net.data import Data
from tests.net.frozen import nothing_kept
from tests.net.people import Person, people_of
from tests.net.reading import SAME_SEAT, without_codes
from tests.net.writing import file_name, write
from tests.support.bodies import ACTIONS, DEEDS

PLAIN = {str(name): body for name, body in ACTIONS.items()} | {str(name): body for name, (_, body) in DEEDS.items()}
STEPS = (
    "reply",
    "waive",
    "issue",
    "decline",
    "send_back",
    "close",
    "verify",
    "appeal",
    "rule",
    "mend",
    "recheck",
    "confirm",
)
STEPS += ("note", "report", "check")
OF_RULE = {
    "/editing/<code>/<step>": ["save", "submit", "decide", "revise", "confirm", "suspend", "restore", "withdraw"],
    "/admin/staff/<username>/<deed>": ["change", "disable", "enable", "no-such-deed"],
    "/admin/units/<code>/<deed>": ["duty", "seats", "close", "reopen", "no-such-deed"],
}
LISTED = re.compile(r"<any\(([^)]*)\):(\w+)>")
NO_SENDERS = ("-by-session", "monitoring", "discipline-handler", "lawyer")
METHODS = ("POST", "PUT", "PATCH", "DELETE")


def sendable(app: Flask, values: dict[str, list[Any]]) -> list[tuple[str, str, str]]:
    """Return (method, address, the deed's name or nothing) of all that can be sent."""
    found = set()
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & set(METHODS)):
            found |= {(method, address, _deed_of(address)) for address in _addresses(app, rule, values)}
    return sorted(found)


def _addresses(app: Flask, rule: Rule, values: dict[str, list[Any]]) -> Iterator[str]:
    fixed: dict[str, list[Any]] = {"action": ["submit", "archive", "no-such-action"]}
    if "name" in rule.arguments:
        fixed["name"] = [*PLAIN, "no-such-deed"]
    for place in ("step", "deed"):
        if place in rule.arguments:
            fixed[place] = OF_RULE.get(rule.rule) or [*STEPS, "no-such-step"]
    pages = "name" in rule.arguments and "number" in rule.arguments
    fewer = values | {"number": values["number"][:: 11 if pages else 5], "token": values["token"][-3:]}
    yield from filled(app, rule, fewer, fixed | _choices(rule))


def _choices(rule: Rule) -> dict[str, list[Any]]:
    """Return what a place takes whose rule lists it."""
    return {name: sorted(re.findall(r"[\w-]+", listed)) for listed, name in LISTED.findall(rule.rule)}


def _deed_of(address: str) -> str:
    """Return the name under which a plain body is known for this address."""
    last = address.rsplit("/", 1)[-1]
    return last if last in PLAIN else next((name for name, (path, _) in DEEDS.items() if path == last), "")


def try_everything(app: Flask, data: Data, values: dict[str, list[Any]], folder: Path) -> int:
    """Write what each person is answered, and keep nothing; return how many answers there were."""
    count, ways = 0, sendable(app, values)
    for person in people_of(app, data):
        if person.name in SAME_SEAT or person.name.endswith(NO_SENDERS):
            continue
        found: dict[str, list[str]] = {}
        with nothing_kept():
            for method, address, deed in ways:
                if person.name == "channel" and not address.startswith("/api/v1/ratings"):
                    continue
                for body in _bodies(deed, address, str(values["number"][0])):
                    answer = _one(person, method, address, body, data)
                    found.setdefault(_group(address), []).append(answer)
                    count += 1
        for name, answers in found.items():
            write(folder, f"{person.name}/sent/{name}.txt", "\n\n".join(answers))
    return count


def _bodies(deed: str, address: str, first: str) -> list[dict[str, Any]]:
    """Return what is sent: a plain body where one is known, an empty one for the first ticket and all the rest."""
    plain = PLAIN.get(deed)
    return [{}] if not plain else [{}, plain] if first in address else [plain]


def _one(person: Person, method: str, address: str, body: dict[str, Any], data: Data) -> str:
    answer = person.post(address, body, method)
    return without_codes(f"{method} {address} {body}\n{told(answer, brief=True)}", data)


def _group(address: str) -> str:
    """All answers about one ticket, or about one kind of thing, are one file."""
    parts = address.strip("/").split("/")
    return file_name("/".join(parts[:4] if parts[0] == "api" else parts[:2]))
