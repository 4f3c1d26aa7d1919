"""Mail by SMTP, over TLS unless the configuration says otherwise."""

import smtplib
import ssl
from email.message import EmailMessage

from hotline.channels.message import Message, NotSent
from hotline.channels.settings import ChannelSettings


def is_on(settings: ChannelSettings) -> bool:
    return bool(settings.mail.host)


def send(settings: ChannelSettings, message: Message) -> None:
    """Refuses `NotSent`. The Message-ID is the same at every attempt."""
    mail, letter = settings.mail, EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = mail.sender, message.to, message.subject
    letter["Date"] = message.at
    letter["Message-ID"] = f"<{message.id}@{mail.sender.rpartition('@')[2]}>"
    letter.set_content(message.text)
    try:
        with _server(settings) as server:
            if mail.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if mail.user:
                server.login(mail.user, mail.password)
            server.send_message(letter)
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(f"邮件服务器：{type(error).__name__}") from None


def _server(settings: ChannelSettings) -> smtplib.SMTP:
    mail, timeout = settings.mail, settings.timeout_seconds
    if mail.security == "tls":
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=timeout, context=ssl.create_default_context())
    return smtplib.SMTP(mail.host, mail.port, timeout=timeout)
