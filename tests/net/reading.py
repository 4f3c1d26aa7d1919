"""What everybody reads at every address."""

from pathlib import Path

from flask import Flask
from werkzeug.test import TestResponse

from tests.net.addresses import readable
from tests.net.answers import told
from tests.net.data import Data
from tests.net.people import Person, people_of
from tests.net.writing import file_name, write

# Who comes by a session is asked for a second factor or is let in: only access is looked at.
FEW = ("-by-session", "channel", "monitoring")
EVERY = 9
# They see and may do the same as another.
SAME_SEAT = {"second-editor", "discipline-leader", "justice-leader", "tax-handler"}
PUBLIC = ("nobody", "operator")


def read_everything(app: Flask, data: Data, values: dict[str, list[object]], folder: Path) -> int:
    """Write what each person is answered at each address; return how many answers there were."""
    count, addresses = 0, readable(app, values, data.codes)
    for person in people_of(app, data):
        if person.name in SAME_SEAT:
            continue
        asked = addresses if not person.name.endswith(FEW) else [*addresses[::EVERY], "/metrics", "/desk", "/account"]
        for address in asked:
            if "?code=" in address and person.name not in PUBLIC:
                continue
            _write(folder, person, address, person.open("GET", address), data)
            count += 1
    return count


def _write(folder: Path, person: Person, address: str, answer: TestResponse, data: Data) -> None:
    kind = "json" if address.startswith("/api/") else "html"
    text = f"GET {address}\n{told(answer)}"
    write(folder, f"{person.name}/{kind}/{file_name(without_codes(address, data))}.txt", without_codes(text, data))


def without_codes(text: str, data: Data) -> str:
    """Return the text without query codes, which are drawn by chance."""
    for number, code in data.codes.items():
        if code in text:
            text = text.replace(code, f"code-of-{number}")
    return text
