"""The sending job: what is due goes out by its channel, outside any transaction; how it went is written down afterwards."""

from collections.abc import Callable

import structlog

from hotline.app_context import AppContext
from hotline.casework.messages import delivery
from hotline.casework.messages.delivery import Letter
from hotline.casework.ratings import rating_links
from hotline.channels import mail, sms, webhook
from hotline.channels.message import Message, NotSent
from hotline.channels.settings import ChannelSettings
from hotline.jobs.run import Run
from hotline.queries.timeline_texts import NOTICES

log = structlog.get_logger()
CHANNELS = {delivery.MAIL: mail, delivery.SMS: sms, delivery.WEBHOOK: webhook}


def run(job: Run) -> int:
    """Spreads and sends until nothing is due that this process can claim; answers how many went out."""
    settings = job.app_context.channels
    on = [name for name, channel in CHANNELS.items() if channel.is_on(settings)]
    _until_nothing_is_left(lambda: _spread(job, on))
    return _until_nothing_is_left(lambda: _send(job, settings)) if on else 0


def _until_nothing_is_left(batch: Callable[[], int]) -> int:
    total = 0
    while count := batch():
        total += count
    return total


def _spread(job: Run, on: list[str]) -> int:
    with job.transaction() as ctx:
        return delivery.spread(ctx, on)


def _send(job: Run, settings: ChannelSettings) -> int:
    with job.transaction() as ctx:
        letters = delivery.claim(ctx)
    for letter in letters:
        _send_one(job, settings, letter)
    return len(letters)


def _send_one(job: Run, settings: ChannelSettings, letter: Letter) -> None:
    try:
        CHANNELS[letter.channel].send(settings, message_of(letter, _rating_link(job.app_context, letter)))
    except NotSent as error:
        log.warning("not sent", delivery=letter.id, channel=letter.channel, why=str(error))
        with job.transaction() as ctx:
            why, waits = str(error), settings.retry_minutes
            delivery.mark_failed(ctx, letter, why, waits)
    else:
        with job.transaction() as ctx:
            delivery.mark_sent(ctx, letter.id)


def _rating_link(app_context: AppContext, letter: Letter) -> str:
    """Goes to the enterprise itself, and nowhere else."""
    if letter.kind != "rating_invited" or letter.channel == delivery.WEBHOOK or not app_context.settings.public_url:
        return ""
    token = rating_links.for_ticket(
        app_context.keys, letter.number, letter.data["round"], at=letter.at, rulebook=app_context.rulebook
    )
    return f"{app_context.settings.public_url}/r/{token}"


def message_of(letter: Letter, link: str = "") -> Message:
    """The words of a notice: what happened to which number, and nobody's name."""
    sentence = NOTICES[letter.kind](letter.data)
    subject = f"【12345】{letter.about}：{sentence}"
    where = f"请打开 {link}" if link else "详情请在12345企业服务热线查看。"
    id, text = f"notice-{letter.notice_id}-{letter.channel}", f"{subject}。\n\n{where}"
    return Message(id, letter.to, subject, text, letter.number, letter.kind, letter.at)
