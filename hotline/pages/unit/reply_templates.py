"""The unit's templates of replies: all on one page, each changed and removed where it stands."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.casework.handling import reply_templates
from hotline.context import Context
from hotline.pages.frame import parse_form
from hotline.pages.sent import NOTHING, Sent
from hotline.queries.handling.reply_templates import templates_of
from hotline.rules.handling.reply_template import PLACES, WRITERS
from hotline.rules.refusals import Refusal
from hotline.schemas.base import load
from hotline.schemas.handling.reply_templates import WritingForm
from hotline.web.access import actor, roles_required, snapshot, transaction

pages = Blueprint("reply_templates", __name__)
HERE = "/unit/templates"


def _page(sent: Sent = NOTHING, of: int = 0) -> Any:
    with snapshot() as ctx:
        rows = templates_of(ctx)
    page = render_template(
        "unit/reply_templates.html", rows=rows, places=PLACES, refusal=sent.refusal, typed=sent.typed, of=of
    )
    return page, sent.status


def _do(deed: Callable[[Context, Any], Any], of: int = 0) -> Any:
    """What is refused stands beside what was typed."""
    typed = parse_form(request.form)
    try:
        template = load(WritingForm(), typed)
        with transaction() as ctx:
            deed(ctx, template)
    except Refusal as refusal:
        return _page(Sent(typed, refusal), of)
    return redirect(HERE)


@pages.get(HERE)
@roles_required(*WRITERS)
def show() -> Any:
    return _page()


@pages.post(HERE)
@roles_required(*WRITERS)
def add() -> Any:
    def deed(ctx: Context, given: reply_templates.Writing) -> None:
        reply_templates.add(ctx, actor().unit_id or 0, given)

    return _do(deed)


@pages.post(f"{HERE}/<int(max=9223372036854775807):template_id>")
@roles_required(*WRITERS)
def change(template_id: int) -> Any:
    def deed(ctx: Context, given: reply_templates.Writing) -> None:
        reply_templates.change(ctx, template_id, given)

    return _do(deed, template_id)


@pages.post(f"{HERE}/<int(max=9223372036854775807):template_id>/remove")
@roles_required(*WRITERS)
def remove(template_id: int) -> Any:
    with transaction() as ctx:
        reply_templates.remove(ctx, template_id)
    return redirect(HERE)
