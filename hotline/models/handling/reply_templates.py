"""Templates of replies: what a unit has put into words once, for its own replies."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record


class ReplyTemplate(Record):
    """One template of one unit, by its name; `text` may hold the places of `rules.handling.reply_template`."""

    __tablename__ = "reply_templates"
    __table_args__ = (UniqueConstraint("unit_id", "name", name="uq_reply_templates_unit_id_name"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    name: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    written_at: Mapped[datetime]
