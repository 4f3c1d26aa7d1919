"""What is sent, and how a channel says that it could not."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Message:
    """`id` is the same at every attempt, so that a receiver can tell a second one; `to` is empty for a webhook."""

    id: str
    to: str
    subject: str
    text: str
    number: str
    kind: str
    at: datetime


class NotSent(Exception):
    """The channel refused or did not answer; the sentence names no person."""
