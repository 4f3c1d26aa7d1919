"""Attachments: what was handed in, by content hash; the bytes lie in the data folder under that name."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record


class Attachment(Record):
    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    added_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[datetime]
    scanned: Mapped[bool] = mapped_column(default=False)
    for_unit: Mapped[bool] = mapped_column(default=True)
