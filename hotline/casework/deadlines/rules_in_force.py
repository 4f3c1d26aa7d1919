"""The rules as they stand in the database: the imported years, and the version in force; read once a transaction."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import URL, func, select
from sqlalchemy.orm import Session

from hotline.casework.accounts.rule_sync import load_rules, stored_versions
from hotline.context import Context
from hotline.models.deadlines.calendar_days import CalendarDay, CalendarImport
from hotline.models.deadlines.rule_versions import RuleVersion
from hotline.rules.deadlines.calendar_change import Change
from hotline.rules.deadlines.rule_versions import VersionBegins, version_in_force
from hotline.rules.deadlines.working_calendar import Layer
from hotline.rules.rulebook import Rulebook

NAME, POSITION = "database", 1  # below the folder of corrections, above the package
_STATE = select(
    select(func.max(CalendarImport.id)).scalar_subquery(),
    select(func.max(CalendarImport.imported_at)).scalar_subquery(),
    select(func.max(RuleVersion.version)).scalar_subquery(),
    select(func.max(RuleVersion.begins_at)).scalar_subquery(),
)


class _Built:
    """The rules of one state of the database, by version; `base` is kept so that no other takes its identity."""

    def __init__(self, session: Session, base: Rulebook, import_id: int | None) -> None:
        self.base = base
        self.begins: list[VersionBegins]
        self.begins, timing_rules = stored_versions(session, base)
        rules = replace(base, timing_rules=timing_rules)
        if import_id is not None:
            rules = with_layer(rules, stored_layer(session), str(import_id))
        self.by_version: dict[int | None, Rulebook] = {None: rules}
        for version, found in timing_rules.items():
            self.by_version[version] = replace(rules, version=version, limits=found.limits, ladder=found.ladder)

    def at(self, now: datetime) -> Rulebook:
        return self.by_version[version_in_force(self.begins, now)]


_built: dict[tuple[object, ...], _Built] = {}


def rulebook_of(ctx: Context, base: Rulebook) -> Rulebook:
    """The rules at this instant; asked once for each transaction, built again only when an import or a version came."""
    state = tuple(ctx.session.execute(_STATE).one())
    url: URL = ctx.session.get_bind().engine.url
    key = (id(base), url, *state)
    built = _built.get(key)
    if built is None:
        _built.clear()
        built = _built[key] = _Built(ctx.session, base, state[0])
    return built.at(ctx.now)


def rulebook_to_write(ctx: Context, base: Rulebook) -> Rulebook:
    """The same for a transaction that writes: where no version is stored yet, what `config/` states becomes the first."""
    found = rulebook_of(ctx, base)
    if found.version is None and base.sources:
        load_rules(ctx, base.sources)
        found = rulebook_of(ctx, base)
    return found


def with_layer(rules: Rulebook, layer: Layer, version: str) -> Rulebook:
    """The same rules with the days that are stated in the database."""
    return replace(rules, calendar=rules.calendar.with_layer(layer, POSITION, version))


def stored_layer(session: Session, change: Change | None = None) -> Layer:
    """Return the stored layer as it would be after this change."""
    query = select(CalendarDay, CalendarImport.year).join(CalendarImport, CalendarImport.id == CalendarDay.import_id)
    stated = {
        row.on: (row.working, row.name)
        for row, year in session.execute(query)
        if change is None or not change.replaces(row.on, year)
    }
    imports = session.execute(select(CalendarImport.year, CalendarImport.whole).distinct()).all()
    years = frozenset(year for year, _ in imports)
    whole = frozenset(year for year, is_whole in imports if is_whole)
    if change is None:
        return Layer(NAME, stated, years, whole)
    new = {change.year}
    return Layer(NAME, {**stated, **change.days}, years | new, whole | new if change.whole else whole)
