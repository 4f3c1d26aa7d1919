"""Imports: files of matters that a job takes in, and the rows of them that were not taken."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record, Word
from hotline.rules.intake.imports import ImportState

UNFINISHED = text("state IN ('waiting','running')")


class Import(Record):
    """A file that is taken in batch by batch. `rows_read` counts the rows that are dealt with: the next batch begins after them.

    `claimed_until`: a process works on it, and is taken for dead after that instant. `fault`: why it failed, in one sentence.
    `content_hash` names the file in the store; None when the file was destroyed. `sealed_preview`: what a draft would become.
    """

    __tablename__ = "imports"
    __table_args__ = (
        Index("ix_imports_unfinished", "id", sqlite_where=UNFINISHED, postgresql_where=UNFINISHED),
        Index("ix_imports_state", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    file_name: Mapped[str] = mapped_column(String(200))
    content_hash: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int]
    choices: Mapped[dict[str, Any]]
    headings: Mapped[list[Any]]
    sealed_preview: Mapped[bytes | None]
    state: Mapped[ImportState] = mapped_column(Word(ImportState))
    claimed_until: Mapped[datetime | None]
    started_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    fault: Mapped[str | None] = mapped_column(String(400))
    rows_total: Mapped[int | None]
    rows_read: Mapped[int] = mapped_column(default=0)
    last_line: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    present: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)


class ImportBadRow(Record):
    """A row that was not taken: its line, why, and its cells as they stood, sealed because they may name a person."""

    __tablename__ = "import_bad_rows"
    __table_args__ = (UniqueConstraint("import_id", "line"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    line: Mapped[int]
    sentence: Mapped[str] = mapped_column(String(400))
    sealed_cells: Mapped[bytes | None]
