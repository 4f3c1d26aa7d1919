"""The calendar's database layer: imported years, above the package and below the folder of corrections."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record


class CalendarImport(Record):
    """One import of one year; the highest id is the version of this layer.

    `whole`: the notice of the year, in place of all that the package says of it; otherwise a single day was changed.
    """

    __tablename__ = "calendar_imports"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    year: Mapped[int]
    whole: Mapped[bool] = mapped_column(default=False, server_default=false())
    imported_at: Mapped[datetime]
    moved: Mapped[int] = mapped_column(default=0)


class CalendarDay(Record):
    __tablename__ = "calendar_days"

    on: Mapped[date] = mapped_column(Date, primary_key=True)
    working: Mapped[bool]
    name: Mapped[str] = mapped_column(String(60))
    import_id: Mapped[int] = mapped_column(ForeignKey("calendar_imports.id"), index=True)
