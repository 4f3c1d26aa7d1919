"""Rules as dated versions in the database: a new one where `config/` states something else than the last one did."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.accounts.config_sync import ADDED, CHANGED, LEFT, Report
from hotline.context import Context
from hotline.models.database.upsert import insert
from hotline.models.deadlines.rule_versions import RuleVersion
from hotline.rules.deadlines.rule_versions import Digests, RuleKind, Sources, VersionBegins, digests_of, kinds_changed
from hotline.rules.rulebook import Rulebook, TimingRules
from hotline.settings.rule_sources import completed
from hotline.settings.rulebook import ladder_of, time_limits_of

TIMING = (RuleKind.LIMITS, RuleKind.LADDER)


def load_rules(ctx: Context, sources: Sources) -> Report:
    """Write what has changed since the last version as a new one, in force from now on; answer how many kinds have.

    Where several load at once, a number is written once: the others look again what is left to be changed.
    """
    first = last = _last(ctx.session)
    while changed := kinds_changed(sources, last.digests if last else {}):
        _write(ctx, last, changed)
        last = _last(ctx.session)
    return _report(sources, first.digests if first else {})


def _last(session: Session) -> RuleVersion | None:
    query = select(RuleVersion).order_by(RuleVersion.version.desc()).limit(1)
    return session.scalars(query.execution_options(populate_existing=True)).first()


def _write(ctx: Context, last: RuleVersion | None, changed: Sources) -> None:
    row = {
        "version": last.version + 1 if last else 1,
        "begins_at": max(ctx.now, last.begins_at) if last else ctx.now,
        "digests": {**(last.digests if last else {}), **digests_of(changed)},
        "content": dict(changed),
    }
    ctx.session.execute(insert(ctx.session, RuleVersion).values(row).on_conflict_do_nothing())


def _report(sources: Sources, before: Digests) -> Report:
    report: Report = Counter()
    for kind, digest in digests_of(sources).items():
        report[LEFT if before.get(kind) == digest else CHANGED if kind in before else ADDED] += 1
    return report


def stored_versions(session: Session, base: Rulebook) -> tuple[list[VersionBegins], dict[int, TimingRules]]:
    """Return every version with the limits and the ladder that hold by it; `base` itself where it states the same."""
    begins, rules = list[VersionBegins](), dict[int, TimingRules]()
    content: dict[str, Mapping[str, object]] = {}
    mine = digests_of(base.sources)
    for row in session.scalars(select(RuleVersion).order_by(RuleVersion.version)):
        content |= row.content
        begins.append(VersionBegins(row.version, row.begins_at))
        same = all(row.digests.get(kind) == mine[kind] for kind in TIMING)
        rules[row.version] = TimingRules(base.limits, base.ladder) if same else _read(row.version, content, base)
    return begins, rules


def _read(version: int, content: Mapping[str, Mapping[str, object]], base: Rulebook) -> TimingRules:
    where = f"规则第{version}版"
    limits, ladder = (completed(kind, content[kind], base.sources[kind]) for kind in TIMING)
    return TimingRules(time_limits_of(limits, where), ladder_of(ladder, where))
