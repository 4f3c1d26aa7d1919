"""What is left of personal data for whoever does not need it, and who reads numbers in clear.

Who may know whose matter it is at all: `sees_identity` in `rules/visibility.py`.
"""

from dataclasses import dataclass
from typing import overload

from hotline.rules.actors import Actor
from hotline.rules.intake.phone import main_number, with_extension
from hotline.rules.numbers_in_text import hide_addresses, hide_numbers
from hotline.rules.vocabulary import CENTRE_ROLES, Role


def mask_name(name: str) -> str:
    """王小明 -> 王**."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*" * len(name)


def mask_phone(phone: str) -> str:
    """13812345678 -> 138****5678; the last four digits of any other number stay, and of an extension that there is one."""
    main = main_number(phone)
    if main != phone:
        return with_extension(mask_phone(main), "****")
    masked = mask_in_text(phone)
    if masked != phone and not phone.startswith("+"):
        return masked
    return "*" * max(0, len(phone) - 4) + phone[-4:] if len(phone) > 4 else "*" * len(phone)


def mask_email(email: str) -> str:
    return hide_addresses(email)


def mask_in_text(text: str) -> str:
    """Phones, identity cards, card numbers and e-mail addresses in free text."""
    return hide_addresses(hide_numbers(text))


def reads_numbers(actor: Actor, *, by_office: bool = False) -> bool:
    """Return whether the numbers of persons stand in clear in the texts that this reader is shown.

    The centre reads them. A unit and an inspector read them only in what the offices wrote (`by_office`), not in what an
    enterprise said. An outsourced operator reads the last four digits everywhere.
    """
    return bool(actor.roles & CENTRE_ROLES) or (by_office and Role.OUTSOURCED_OPERATOR not in actor.roles)


@dataclass(frozen=True, slots=True)
class ShownText:
    """Texts as one reader is shown them: as they are, or masked."""

    clear: bool

    @overload
    def __call__(self, text: str) -> str: ...
    @overload
    def __call__(self, text: None) -> None: ...
    def __call__(self, text: str | None) -> str | None:
        """Return the text for this reader."""
        return text if text is None or self.clear else mask_in_text(text)


IN_CLEAR, MASKED = ShownText(True), ShownText(False)


def text_for(actor: Actor, *, by_office: bool = False) -> ShownText:
    """Return how this reader is shown the words of an enterprise, or those of the offices (`by_office`)."""
    return IN_CLEAR if reads_numbers(actor, by_office=by_office) else MASKED
