"""The file of a ticket with the buttons that are allowed, and what they do."""

from typing import Any

from flask import Blueprint, redirect

from hotline.pages.tickets.ticket_page import file_page, print_page, sent_with_ticket, taken
from hotline.rules.handling.reply_template import WRITERS
from hotline.rules.refusals import Refusal, UnknownThing
from hotline.rules.vocabulary import Action
from hotline.schemas.actions import (
    ACTIONS,
    ON_TICKET,
)
from hotline.schemas.base import load
from hotline.web.access import login_required, roles_required, transaction

pages = Blueprint("tickets", __name__)
ANSWERS = (Action.DRAFT_RESULT, Action.SUBMIT_RESULT, Action.PROGRESS)


@pages.get("/tickets/<number>")
@login_required
def read(number: str) -> Any:
    return file_page(number)


@pages.get("/tickets/<number>/print")
@login_required
def on_paper(number: str) -> Any:
    return print_page(number)


def _action_named(name: str) -> Action:
    """Return the action on the ticket itself that has this name; refuse `UnknownThing`."""
    if name not in set(ON_TICKET):
        raise UnknownThing("这个操作")
    return Action(name)


@pages.post("/tickets/<number>/do/<name>")
@login_required
def act(number: str, name: str) -> Any:
    """Take an action; when it is refused, the sentence stands on the file and what was typed is kept."""
    action = _action_named(name)
    (form, does), sent = ACTIONS[action], sent_with_ticket()
    sent.typed.pop("template", None)
    try:
        payload = load(form(), sent.typed)
        with transaction() as ctx:
            does(ctx, number, payload)
    except Refusal as refusal:
        return file_page(number, sent.named(name).refused(refusal))
    if action is Action.RECUSE:
        return redirect("/tickets")
    kind = sent.typed.get("kind", "") if action is Action.REQUEST else ""
    return taken(number, f"{name}{kind}", f"已完成：{action.label}。")


@pages.post("/tickets/<number>/insert/<name>")
@roles_required(*WRITERS)
def insert(number: str, name: str) -> Any:
    """A template at the end of what is typed, where no script puts it at the cursor; nothing is done yet."""
    if name not in ANSWERS:
        raise UnknownThing("这个操作")
    sent = sent_with_ticket()
    return file_page(number, sent.named(name), insert=str(sent.typed.get("template", "")))


@pages.post("/tickets/<number>/contact")
@login_required
def reveal(number: str) -> Any:
    """The contact in clear, on this answer only."""
    (form, does), sent = ACTIONS[Action.REVEAL_CONTACT], sent_with_ticket()
    try:
        payload = load(form(), sent.typed)
        with transaction() as ctx:
            contact = does(ctx, number, payload)
    except Refusal as refusal:
        return file_page(number, sent.named("reveal_contact").refused(refusal))
    return file_page(number, revealed=contact)
