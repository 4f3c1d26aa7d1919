"""What an enterprise does to its ticket, with the query code beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hotline.casework.handling import early_closing, reminders
from hotline.casework.intake import missing_information
from hotline.casework.supervision import objections
from hotline.schemas.base import Form, NumberText, Text


class PublicSupplyForm(Form):
    code = NumberText(12, required=True)
    text = Text(5000, required=True)


class PublicObjectionForm(Form):
    code = NumberText(12, required=True)
    text = Text(2000, required=True)


class PublicWordForm(Form):
    """A word of the enterprise with its reminder, or its reason for withdrawing."""

    code = NumberText(12, required=True)
    text = Text(500, empty="", load_default="")


@dataclass(frozen=True, slots=True)
class PublicAction:
    """`given` makes what the action takes out of the code and the text."""

    label: str
    form: type[Form]
    given: Callable[[str, str], Any]
    does: Callable[..., Any]


PUBLIC_ACTIONS = {
    "supply_info": PublicAction(
        "补正材料",
        PublicSupplyForm,
        lambda code, text: missing_information.Supplied(text),
        missing_information.supply_info,
    ),
    "remind": PublicAction("催办", PublicWordForm, lambda code, text: reminders.Reminding(text), reminders.remind),
    "object": PublicAction("提出异议", PublicObjectionForm, objections.ObjectionGiven, objections.object_to),
    "withdraw": PublicAction(
        "撤回", PublicWordForm, lambda code, text: early_closing.Withdrawal(code, text), early_closing.withdraw
    ),
}
