"""The versions of the rules: from when on each holds, what changed with it, and what `config/` states otherwise by now."""

from typing import Any

from sqlalchemy import select

from hotline.context import Context
from hotline.models.deadlines.rule_versions import RuleVersion
from hotline.queries.formatting import instant
from hotline.rules.deadlines.rule_versions import RuleKind, kinds_changed


def rule_versions(ctx: Context) -> dict[str, Any]:
    """All `versions`, the newest first; the one `in_force` now; the kinds that are `changed` in the folder and not loaded."""
    query = select(RuleVersion).order_by(RuleVersion.version.desc())
    rows = ctx.session.scalars(query).all()
    return {
        "in_force": ctx.rules.version,
        "changed": labels(kinds_changed(ctx.rules.sources, rows[0].digests if rows else {})) if rows else [],
        "versions": [_line(row, ctx.rules.version) for row in rows],
    }


def _line(row: RuleVersion, in_force: int | None) -> dict[str, Any]:
    return {
        "version": row.version,
        "begins_at": instant(row.begins_at),
        "in_force": row.version == in_force,
        "changed": labels(row.content),
        "digests": {kind: row.digests[kind] for kind in row.content},
    }


def labels(kinds: Any) -> list[str]:
    """The kinds in the words of people, in a fixed order; one that this program does not know by its name."""
    known = [kind.label for kind in RuleKind if kind in kinds]
    return known + sorted(kind for kind in kinds if kind not in set(RuleKind))


def version_line(ctx: Context, version: int | None) -> dict[str, Any] | None:
    """A version and from when on it holds; None for a clock that began before versions were kept."""
    if version is None:
        return None
    begins_at = ctx.session.scalar(select(RuleVersion.begins_at).where(RuleVersion.version == version))
    return {"version": version, "begins_at": instant(begins_at)}
