"""Short messages by a generic HTTP gateway: one JSON a message, whose fields the configuration names."""

import requests

from hotline.channels.message import Message, NotSent
from hotline.channels.settings import ChannelSettings


def is_on(settings: ChannelSettings) -> bool:
    return bool(settings.sms.url)


def send(settings: ChannelSettings, message: Message) -> None:
    """Refuses `NotSent` for anything but a 2xx."""
    sms = settings.sms
    body = {sms.phone_field: message.to, sms.text_field: f"{message.subject}。", sms.id_field: message.id}
    headers = {"Authorization": f"Bearer {sms.token}"} if sms.token else {}
    try:
        answer = requests.post(
            sms.url, json=body, headers=headers, timeout=settings.timeout_seconds, allow_redirects=False
        )
    except requests.RequestException as error:
        raise NotSent(f"短信网关：{type(error).__name__}") from None
    if answer.status_code // 100 != 2:
        raise NotSent(f"短信网关：HTTP {answer.status_code}")
