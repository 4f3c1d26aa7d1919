"""A webhook for other systems: each event once, signed with HMAC-SHA256 over the instant and the body."""

import hashlib
import hmac

import orjson

from hotline.channels.message import Message
from hotline.channels.post import post
from hotline.channels.settings import ChannelSettings


def is_on(settings: ChannelSettings) -> bool:
    return bool(settings.webhook.url)


def signature(secret: str, at: str, body: bytes) -> str:
    """What a receiver computes again: HMAC-SHA256 of `at`, a full stop and the body, in hexadecimal."""
    return hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()


def send(settings: ChannelSettings, message: Message) -> None:
    """Refuses `NotSent` for anything but a 2xx."""
    hook, at = settings.webhook, message.at.isoformat()
    body = orjson.dumps({"id": message.id, "kind": message.kind, "number": message.number, "at": at})
    headers = {
        "Content-Type": "application/json",
        "X-Hotline-Timestamp": at,
        "X-Hotline-Signature": signature(hook.secret, at, body),
    }
    post("推送地址", hook.url, body, headers, settings)
