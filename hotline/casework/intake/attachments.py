"""Attachments: taken by their content, scanned where there is a scanner, and shown only with the ticket they belong to.

On a confidential or anonymous ticket a unit sees what it handed in itself and what the centre made ready for it: the paper of
an enterprise says who it is.
"""

import io
import struct
import zipfile
from dataclasses import dataclass

import filetype
from sqlalchemy import func, select

from hotline.casework.tickets import timeline
from hotline.casework.tickets.access import open_for, ticket_for
from hotline.context import Context
from hotline.models.tickets.attachments import Attachment
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import Actor
from hotline.rules.handling.upload import KINDS, LARGEST, MOST, is_heic, is_ofd, safe_name
from hotline.rules.refusals import ConditionUnmet, InvalidInput, ScannerSilent, StorageFull, UnknownThing
from hotline.rules.visibility import reads_attachment
from hotline.rules.vocabulary import CENTRE_ROLES, Action, Audience
from hotline.storage.file_store import FileStore, Scanner

LONGEST_DIRECTORY = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """`for_unit`: may be read by the unit on a secret ticket as well; only the centre says so."""

    name: str
    content: bytes
    for_unit: bool = False


def attach(ctx: Context, number: str, given: Upload, *, store: FileStore, scanner: Scanner | None) -> Attachment:
    """Refuses what is empty, too large, too many, of a kind that is not taken, or found to be harmful."""
    ticket = open_for(ctx, number, Action.ATTACH)
    media_type = _checked(given)
    if (ctx.session.scalar(select(func.count()).where(Attachment.ticket_id == ticket.id)) or 0) >= MOST:
        raise ConditionUnmet(f"每张工单最多{MOST}个附件")
    _scan(given.content, scanner)
    row = Attachment(
        ticket_id=ticket.id,
        name=safe_name(given.name, media_type),
        media_type=media_type,
        size=len(given.content),
        content_hash=_kept(given.content, store),
        added_by=ctx.actor.staff_id,
        added_at=ctx.now,
        scanned=scanner is not None,
        for_unit=_for_unit(ctx.actor, ticket, given),
    )
    ctx.session.add(row)
    ctx.session.flush()
    # The name may say who it is: it stands where the file stands, and not in the timeline.
    audience = Audience.UNIT if row.for_unit else Audience.CENTRE
    timeline.write(ctx, ticket, "attached", audience=audience, id=row.id, size=row.size)
    return row


def _kept(content: bytes, store: FileStore) -> str:
    try:
        return store.keep(content)
    except OSError:
        raise StorageFull() from None


def _for_unit(actor: Actor, ticket: Ticket, given: Upload) -> bool:
    if not (ticket.confidential or ticket.anonymous):
        return True
    if actor.roles & CENTRE_ROLES:
        return given.for_unit
    return not actor.is_enterprise and not actor.at_centre


def _checked(given: Upload) -> str:
    if not given.content:
        raise InvalidInput({"/file": "文件是空的"})
    if len(given.content) > LARGEST:
        raise InvalidInput({"/file": f"文件不能超过{LARGEST // 1024**2}MB"})
    media_type = _kind_of(given.content)
    if media_type not in KINDS:
        raise InvalidInput({"/file": "不能上传这种文件；可以上传PDF、OFD、图片、Office文档、录音、视频和纯文本"})
    return media_type


def _kind_of(content: bytes) -> str:
    """Return the media type by the content alone; of a ZIP what it is made of decides."""
    if is_heic(content):
        return "image/heic"
    guessed = filetype.guess_mime(content)
    if guessed == "application/zip" and is_ofd(_entries(content)):
        return "application/ofd"
    return guessed or ("text/plain" if _is_text(content) else "")


def _entries(content: bytes) -> list[str]:
    """Return the names in the directory of a ZIP; nothing of it is unpacked, and a directory beyond measure is not read."""
    end = content.rfind(b"PK\x05\x06")
    if int.from_bytes(content[end + 12 : end + 16], "little") > LONGEST_DIRECTORY:
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        return []


def _is_text(content: bytes) -> bool:
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(ord(c) < 32 and c not in "\t\r\n" for c in text)
    return False


def _scan(content: bytes, scanner: Scanner | None) -> None:
    if scanner is None:
        return
    try:
        found = scanner.finding(content)
    except OSError:
        raise ScannerSilent() from None
    if found is not None:
        raise InvalidInput({"/file": f"文件含有病毒（{found}），未保存"})


def attachment_for(ctx: Context, number: str, attachment_id: int) -> Attachment:
    """The attachment, through the ticket's visibility; refuses `UnknownThing` for what this reader may not read."""
    ticket = ticket_for(ctx, number)
    row = ctx.session.scalar(
        select(Attachment).where(Attachment.id == attachment_id, Attachment.ticket_id == ticket.id)
    )
    if row is None or not reads_attachment(ctx.actor, ticket, for_unit=row.for_unit):
        raise UnknownThing("这个附件")
    return row
