"""Units, categories and types by whatever a file calls them: code, name, short name or alias."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from marshmallow import ValidationError
from sqlalchemy import select

from hotline.context import Context
from hotline.models.accounts.units import Category, Unit
from hotline.rules.vocabulary import TicketType

MOST_NAMED = 5
Named = tuple[str, str]
TYPE_ENDINGS = ("类", "件", "类工单", "工单")


def normal_name(text: str) -> str:
    """Return a name as it is compared: NFKC, small, without blanks and what cannot be seen."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if not letter.isspace() and unicodedata.category(letter) != "Cf")


class Names:
    """One list of things by their names. A name of its own counts before an alias; what several share is refused."""

    def __init__(
        self, what: str, labels: Mapping[str, str], own: Iterable[Named] = (), aliases: Iterable[Named] = ()
    ) -> None:
        """Take the label of each code, further names of its own and aliases, both as (name, code)."""
        self.what, self.labels = what, labels
        self.own = _by_name([*own, *((name, code) for code, label in labels.items() for name in (code, label))])
        self.aliases = _by_name(aliases)

    def code_of(self, text: str) -> str:
        """Return the code; refuses (ValidationError) an unknown name, and one of several with those it may be."""
        name = normal_name(text)
        codes = self.own.get(name) or self.aliases.get(name)
        if not codes:
            raise ValidationError(f"没有“{text[:40]}”这个{self.what}")
        if len(codes) > 1:
            candidates = "、".join(sorted(self.labels[code] for code in codes)[:MOST_NAMED])
            raise ValidationError(f"“{text[:40]}”不止一个{self.what}：{candidates}，请写明是哪一个")
        return next(iter(codes))


def _by_name(pairs: Iterable[Named]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, code in pairs:
        found.setdefault(normal_name(name), set()).add(code)
    return found


def unit_names(ctx: Context) -> Names:
    """Return every unit by code, name and alias, the closed ones too: history keeps the unit that it had."""
    units = ctx.session.execute(select(Unit.code, Unit.name, Unit.aliases, Unit.kind)).all()
    city = next((name.partition("市")[0] for _, name, _, kind in units if kind == "centre" and "市" in name), "")
    named = [(name, code) for code, unit, aliases, _ in units for name in (unit, *aliases.split())]
    spelt = [(spelling, code) for name, code in named for spelling in _spellings(name, city)]
    return Names("单位", {code: name for code, name, _, _ in units}, aliases=named + spelt)


def _spellings(name: str, city: str) -> Iterator[str]:
    """Yield 襄阳市税务局 for 市税务局, and the other way round."""
    if city and name.startswith("市"):
        yield city + name
    elif city and name.startswith(f"{city}市"):
        yield name.removeprefix(city)


def category_names(ctx: Context) -> Names:
    """Return every category by code and name."""
    rows = ctx.session.execute(select(Category.code, Category.name)).all()
    return Names("事项类别", dict(rows))


TYPES = Names(
    "诉求类型",
    {str(word): word.label for word in TicketType},
    aliases=[(word.label + ending, str(word)) for word in TicketType for ending in TYPE_ENDINGS],
)
