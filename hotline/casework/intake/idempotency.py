"""Sending the same thing twice makes it once: the first answer is kept, sealed, under the sender's key."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.database.session import keys_of
from hotline.models.database.upsert import insert
from hotline.models.tickets.tickets import IdempotencyKey
from hotline.rules.refusals import KeyReused


def once(
    ctx: Context, owner: str, key: str, body: Any, make: Callable[[], dict[str, Any]]
) -> tuple[dict[str, Any], bool]:
    """(the answer, whether it was made just now). Refuses `KeyReused` for the same key with another body.

    The key is taken first: whoever sends it at the same moment waits for this transaction and then gets its answer.
    """
    hashed = hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()
    row = insert(ctx.session, IdempotencyKey).values(
        owner=owner, key=key, request_hash=hashed, answer={}, created_at=ctx.now
    )
    taken = ctx.session.execute(
        row.on_conflict_do_nothing(index_elements=["owner", "key"]).returning(IdempotencyKey.id)
    ).scalar_one_or_none()
    if taken is None:
        return _kept(ctx.session, owner, key, hashed), False
    answer = make()
    sealed = base64.b64encode(keys_of(ctx.session).seal(json.dumps(answer))).decode()
    ctx.session.execute(update(IdempotencyKey).where(IdempotencyKey.id == taken).values(answer={"sealed": sealed}))
    return answer, True


def _kept(session: Session, owner: str, key: str, hashed: str) -> dict[str, Any]:
    query = select(IdempotencyKey).where(IdempotencyKey.owner == owner, IdempotencyKey.key == key)
    row = session.scalars(query).one()
    if row.request_hash != hashed:
        raise KeyReused()
    answer: dict[str, Any] = json.loads(keys_of(session).open(base64.b64decode(row.answer["sealed"])))
    return answer
