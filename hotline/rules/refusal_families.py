"""The root of all refusals and its families: what an edge maps to a status."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

HAS_HINT = re.compile("(?<!申)请")


@dataclass(eq=False)
class Refusal(Exception):
    """The root of the tree; never raised itself."""

    code: ClassVar[str]
    title: ClassVar[str]
    message: ClassVar[str] = ""
    way_out: ClassVar[str]
    way_out_here: ClassVar[str] = ""
    """The way out for whoever stands where `way_out` would send them; empty where that names no page."""

    def problem(self) -> str:
        """What is wrong: `message` with the data filled in, or else the title."""
        return (self.message or self.title).format(**vars(self))

    def hint(self) -> str:
        """What can be done now."""
        return self.way_out.format(**vars(self))

    def sentence(self) -> str:
        """What the person reads. Where what is wrong says itself what to do, nothing is added."""
        problem = self.problem()
        return f"{problem}。" if HAS_HINT.search(problem) else f"{problem}，{self.hint()}。"

    def sentence_here(self) -> str:
        """The same on the page of the matter itself, to which nobody has to be sent."""
        if not self.way_out_here or HAS_HINT.search(self.problem()):
            return self.sentence()
        return f"{self.problem()}，{self.way_out_here.format(**vars(self))}。"

    def pointers(self) -> Mapping[str, str]:
        """The places in the input that are wrong, each with its own sentence."""
        return {}

    def __str__(self) -> str:
        return self.sentence()


class Unknown(Refusal):
    """What was asked for is not there, or must look as if it were not."""


class NotSignedIn(Refusal):
    """Nobody is signed in, or the proof of it is no longer good."""


class NotAllowed(Refusal):
    """The person may not do this."""


class Conflict(Refusal):
    """The person may, but not now."""


class Malformed(Refusal):
    """What was sent cannot be understood or accepted."""


class Limited(Refusal):
    """Too much, too often."""


class Unavailable(Refusal):
    """The service itself lacks something it needs for an exact answer."""
