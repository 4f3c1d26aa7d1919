"""Ten thousand rows of which most are broken, each in its own way: the good ones come in, every other is named by its line."""

import csv
import tracemalloc
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from hotline.app_context import AppContext
from hotline.models.tickets.tickets import Ticket
from hotline.transfer.import_mapping import ImportChoices
from hotline.transfer.import_tickets import import_matters

HEADER = (
    "source_no",
    "received_at",
    "title",
    "content",
    "reply",
    "replied_at",
    "unit",
    "category",
    "type",
    "satisfied",
)
HEADER += ("difficult", "credit_code", "company_name", "contact_phone", "signed_at")
GOOD = dict(zip(HEADER[:4], ("", "2024-03-01 09:00:00", "标题", "内容"), strict=True))
BROKEN: tuple[tuple[str, str], ...] = (
    ("received_at", "0001-01-01"), ("received_at", "9999-12-31T23:59:59-12:00"), ("received_at", "9999-99-99"),
    ("received_at", "2024-02-30"), ("received_at", "20240301T25"), ("received_at", ""), ("received_at", "9" * 400),
    ("received_at", "2999-01-01"), ("replied_at", "0001-01-01T00:00:00+14:00"), ("replied_at", "1949-01-01"),
    ("signed_at", "9999-12-31"), ("title", ""), ("title", "\0"), ("title", "长" * 201), ("content", "\0"),
    ("content", "长" * 20001), ("source_no", "9" * 65), ("unit", "' OR 1=1 --"), ("unit", "单" * 121),
    ("category", "=cmd|' /C calc'!A0"), ("type", "{{7*7}}"), ("satisfied", "perhaps"), ("difficult", "²"),
    ("credit_code", "91420600MA4ABCDEF"),
    ("contact_phone", "转123"), ("contact_phone", "1" * 39),
)  # fmt: skip
ROWS, ONE_GOOD_IN = 10_000, 50
MOST_MEMORY = 64 * 1024 * 1024


def _write(path: Path) -> list[int]:
    """The file; answers the lines that are broken."""
    chance, bad = Random(7), []
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, HEADER)
        rows.writeheader()
        for number in range(ROWS):
            row = {**GOOD, "source_no": f"A{number}"}
            if number % ONE_GOOD_IN:
                name, value = chance.choice(BROKEN)
                row |= {"company_name": "甲乙机械", "reply": "答", name: value}
                bad.append(number + 2)
            rows.writerow(row)
    return bad


def test_ten_thousand_broken_rows_are_named_one_by_one(app_context: AppContext, tmp_path: Path) -> None:
    bad = _write(tmp_path / "past.csv")
    tracemalloc.start()
    outcome = import_matters(
        app_context, tmp_path / "past.csv", ImportChoices(), dry_run=False, progress=lambda rows: None
    )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [line for line, _ in outcome.bad] == bad
    assert all(sentence and "\n" not in sentence and len(sentence) < 400 for _, sentence in outcome.bad)
    assert (outcome.added, outcome.present) == (ROWS // ONE_GOOD_IN, 0)
    with app_context.snapshot() as ctx:
        assert ctx.session.scalar(select(func.count()).select_from(Ticket)) == ROWS // ONE_GOOD_IN
    assert peak < MOST_MEMORY, peak
