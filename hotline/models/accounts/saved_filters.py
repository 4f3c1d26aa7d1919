"""Saved filters: what somebody asks a list again and again, by a name of their own."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record


class SavedFilter(Record):
    """One choice of one person for one page: the query of its address, without the place in the list."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("staff_id", "page", "name"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    page: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(20))
    query: Mapped[str] = mapped_column(String(500))
