"""What is rated and who sends ratings, as data: loaded from `config/`, given tokens and new printed codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.accounts.audit_log import record
from hotline.casework.accounts.config_sync import ADDED, BadSource, Report, apply_changes
from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.ratings.ratings import RatedBody, RatingChannel
from hotline.rules.accounts.administration import AdminDeed, check_administers
from hotline.rules.permissions import check_role
from hotline.rules.ratings.rating import BodyKind, RatedBy
from hotline.rules.refusals import InvalidInput, SignInRequired, UnknownThing
from hotline.rules.vocabulary import Role
from hotline.security.keys import hash_secret, new_secret


@dataclass(frozen=True, slots=True)
class Sender:
    """A channel that has shown its token."""

    code: str
    body_path: str
    signed_in: bool


def load_bodies(session: Session, entries: Sequence[Mapping[str, Any]]) -> Report:
    """Bodies by code, a hall before its windows; one that is no longer listed stays."""
    report: Report = Report()
    units = dict(session.execute(select(Unit.code, Unit.id)).all())
    bodies_by_code = {body.code: body for body in session.scalars(select(RatedBody))}
    for entry in entries:
        code, parent = entry["code"], bodies_by_code.get(entry.get("parent", ""))
        if entry.get("parent") and parent is None:
            raise BadSource(f"rated_bodies.toml：“{code}”的上级“{entry['parent']}”不存在或排在它后面。")
        if entry.get("unit") and entry["unit"] not in units:
            raise BadSource(f"rated_bodies.toml：“{code}”的单位“{entry['unit']}”不存在。")
        if entry["kind"] not in set(BodyKind):
            raise BadSource(f"rated_bodies.toml：“{code}”的类型“{entry['kind']}”不存在。")
        values = {
            "kind": BodyKind(entry["kind"]),
            "name": entry["name"],
            "unit_id": units.get(entry.get("unit", "")),
            "parent_id": parent.id if parent else None,
            "path": f"{parent.path if parent else '/'}{code}/",
        }
        if code in bodies_by_code:
            apply_changes(bodies_by_code[code], values, report)
        else:
            bodies_by_code[code] = RatedBody(code=code, sheet=1, **values)
            session.add(bodies_by_code[code])
            session.flush()
            report[ADDED] += 1
    session.flush()
    return report


def load_channels(session: Session, entries: Sequence[Mapping[str, Any]]) -> Report:
    """Channels by code; a channel without a body may send ratings of everything."""
    report: Report = Report()
    paths = dict(session.execute(select(RatedBody.code, RatedBody.path)).all())
    channels_by_code = {channel.code: channel for channel in session.scalars(select(RatingChannel))}
    for entry in entries:
        code, body = entry["code"], entry.get("body")
        if body is not None and body not in paths:
            raise BadSource(f"rated_bodies.toml：渠道“{code}”的评价对象“{body}”不存在。")
        if code in set(RatedBy):
            raise BadSource(f"rated_bodies.toml：渠道代码“{code}”已有专门含义，请改用别的代码。")
        values = {
            "name": entry["name"],
            "body_path": paths[body] if body else "",
            "signed_in": bool(entry["signed_in"]),
        }
        if code in channels_by_code:
            apply_changes(channels_by_code[code], values, report)
        else:
            session.add(RatingChannel(code=code, **values))
            report[ADDED] += 1
    session.flush()
    return report


def grant_channel_token(ctx: Context, code: str, *, days: int) -> str:
    """A new token for the channel, in place of the one before; only its hash is kept."""
    deed = AdminDeed.GRANT_CHANNEL_TOKEN
    check_administers(ctx.actor, deed)
    channel = ctx.session.scalar(select(RatingChannel).where(RatingChannel.code == code))
    if channel is None:
        raise UnknownThing(f"评价渠道“{code}”")
    secret = new_secret()
    channel.token_hash, channel.token_expires_at = hash_secret(secret), ctx.now + timedelta(days=days)
    record(ctx, deed, channel.code, channel.name, days=days)
    return secret


def sender_of(ctx: Context, secret: str) -> Sender:
    """The channel with this token; refuses `SignInRequired`."""
    table = RatingChannel.__table__.c
    query = select(table.code, table.body_path, table.signed_in).where(
        table.token_hash == hash_secret(secret), table.token_expires_at > ctx.now
    )
    found = ctx.session.execute(query).one_or_none()
    if found is None:
        raise SignInRequired()
    return Sender(*found)


def sender_by_code(session: Session, code: str) -> Sender:
    """The channel named in a file that an administrator imports; refuses `InvalidInput`."""
    channel = session.scalar(select(RatingChannel).where(RatingChannel.code == code))
    if channel is None:
        raise InvalidInput({"/channel": f"没有“{code}”这个评价渠道"})
    return Sender(channel.code, channel.body_path, channel.signed_in)


def body_for(session: Session, sender: Sender, code: str) -> RatedBody:
    """What this channel may send ratings of; refuses `InvalidInput` for what is not its own, as for what is not there."""
    body = session.scalar(select(RatedBody).where(RatedBody.code == code, RatedBody.closed_at.is_(None)))
    if body is None or not body.path.startswith(sender.body_path):
        raise InvalidInput({"/body": "这个渠道没有这个评价对象"})
    return body


def renew_sheet(ctx: Context, code: str) -> None:
    """A new printed code; the sheets on the walls are void from now on."""
    check_role(ctx.actor, Role.SUPERVISOR, "更换评价二维码")
    body = ctx.session.scalar(select(RatedBody).where(RatedBody.code == code).with_for_update(of=RatedBody))
    if body is None:
        raise UnknownThing("这个评价对象")
    body.sheet += 1
