"""The fields of a form that is drawn again, and why it was refused."""

from dataclasses import dataclass, field, replace
from typing import Any

from hotline.rules.refusals import Refusal
from hotline.web.access import status_of


@dataclass(frozen=True, slots=True)
class Sent:
    """The fields of a form, and why it was refused (None: it was not).

    `once` is the key by which it is taken once, `seen` the last line of the timeline that its sender had read.
    """

    typed: dict[str, Any] = field(default_factory=dict)
    refusal: Refusal | None = None
    once: str = ""
    seen: int = 0

    def refused(self, refusal: Refusal) -> "Sent":
        """Return the same with the reason why it was refused."""
        return replace(self, refusal=refusal)

    def named(self, form: str) -> "Sent":
        """Return the same with the name of the form among several on the page."""
        return replace(self, typed={**self.typed, "of": form})

    @property
    def status(self) -> int:
        """The status of the page that shows it."""
        return status_of(self.refusal) if self.refusal else 200


NOTHING = Sent()
