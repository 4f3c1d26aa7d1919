"""The caller, as far as is known while the form is filled in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """The number, the credit code and the name of the enterprise; None for what is not known."""

    phone: str | None = None
    credit_code: str | None = None
    name: str | None = None


NOBODY = Caller()
