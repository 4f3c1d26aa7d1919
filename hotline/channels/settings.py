"""The settings of the channels: addresses from `config/channels.toml`, secrets from the environment."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hotline.settings.config_files import BadSettings, read_toml

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Mail:
    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    sender: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class Sms:
    url: str = ""
    phone_field: str = "phone"
    text_field: str = "text"
    id_field: str = "id"
    token: str = ""


@dataclass(frozen=True, slots=True)
class Webhook:
    url: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """`retry_minutes`: the waits after each failure; after the last one a message is dead.

    `timeout_seconds`: of a whole exchange. `inside`: networks that are not public and may be written to all the same.
    `ca_file`: the authority of the city's own certificates.
    """

    retry_minutes: tuple[int, ...] = (1, 5, 15, 60, 240, 720)
    timeout_seconds: int = 10
    inside: tuple[Network, ...] = ()
    ca_file: str = ""
    mail: Mail = field(default_factory=Mail)
    sms: Sms = field(default_factory=Sms)
    webhook: Webhook = field(default_factory=Webhook)


def channels_from(folder: Path, environment: Mapping[str, str] | None = None) -> ChannelSettings:
    """Refuses (`BadSettings`) unknown keys, a webhook without a secret, mail without a sender."""
    env, path = os.environ if environment is None else environment, folder / "channels.toml"
    raw = read_toml(path)
    try:
        found = ChannelSettings(
            mail=Mail(**raw.pop("mail", {}), password=env.get("HOTLINE_MAIL_PASSWORD", "")),
            sms=Sms(**raw.pop("sms", {}), token=env.get("HOTLINE_SMS_TOKEN", "")),
            webhook=Webhook(**raw.pop("webhook", {}), secret=env.get("HOTLINE_WEBHOOK_SECRET", "")),
            retry_minutes=tuple(raw.pop("retry_minutes")),
            timeout_seconds=raw.pop("timeout_seconds"),
            inside=tuple(ipaddress.ip_network(network) for network in raw.pop("inside", ())),
            **raw,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None
    if found.webhook.url and not found.webhook.secret:
        raise BadSettings("缺少环境变量 HOTLINE_WEBHOOK_SECRET：配置了推送地址就必须设置签名密钥。")
    if not all(url.startswith(("http://", "https://")) for url in (found.webhook.url, found.sms.url) if url):
        raise BadSettings(f"配置文件 {path} 有误：地址应以 https:// 或 http:// 开头。")
    if found.mail.host and not found.mail.sender:
        raise BadSettings(f"配置文件 {path} 有误：配置了邮件服务器就必须填写 sender。")
    if found.mail.security not in ("starttls", "tls", "none"):
        raise BadSettings(f"配置文件 {path} 有误：security 只能是 starttls、tls 或 none。")
    return found
