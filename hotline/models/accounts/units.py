"""Units: a tree of city departments, counties and zones with their own offices."""

from datetime import date

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hotline.models.database.base import Key, Record


class Unit(Record):
    """`path` is the materialised way from the root ("/3/17/"); a subtree is a prefix of it."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(32))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    path: Mapped[str] = mapped_column(String(200), default="", index=True)
    aliases: Mapped[str] = mapped_column(String(400), default="")
    duty_phone: Mapped[str | None] = mapped_column(String(40))
    closed_on: Mapped[date | None] = mapped_column(Date)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))


class Category(Record):
    """A subject of complaints; its lead unit is what the form suggests."""

    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    parent_code: Mapped[str | None] = mapped_column(String(64))
    lead_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    keywords: Mapped[str] = mapped_column(String(400), default="")
    policy_item: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
