"""Short messages by a generic HTTP gateway: one JSON a message, whose fields the configuration names."""

import orjson

from hotline.channels.message import Message
from hotline.channels.post import post
from hotline.channels.settings import ChannelSettings


def is_on(settings: ChannelSettings) -> bool:
    return bool(settings.sms.url)


def send(settings: ChannelSettings, message: Message) -> None:
    """Refuses `NotSent` for anything but a 2xx."""
    sms = settings.sms
    body = {sms.phone_field: message.to, sms.text_field: f"{message.subject}。", sms.id_field: message.id}
    headers = {"Content-Type": "application/json"}
    if sms.token:
        headers["Authorization"] = f"Bearer {sms.token}"
    post("短信网关", sms.url, orjson.dumps(body), headers, settings)
