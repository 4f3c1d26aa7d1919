"""The one predicate that says who may see a ticket, and the one that says who may see whose it is.

Lists, details, search, exports, counters, notices and the API all ask `scope_of` and nothing else; the records layer turns
a `Scope` into SQL, `Scope.covers` answers for one ticket, and a test holds the two together.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from hotline.rules.actors import Actor
from hotline.rules.vocabulary import CENTRE_ROLES, Role


class Seen(Protocol):
    """What the predicates need to know of a ticket."""

    @property
    def id(self) -> int: ...
    @property
    def desk_path(self) -> str | None: ...
    @property
    def confidential(self) -> bool: ...
    @property
    def anonymous(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """A range of tickets: all, those on the desks of some subtrees or helped with or owed something there, or a single one.

    Less those from which this member of staff keeps out (`recused_staff_id`).
    """

    everything: bool = False
    desk_paths: tuple[str, ...] = ()
    ticket_id: int | None = None
    recused_staff_id: int | None = None

    def covers(self, ticket: Seen, assisting: Collection[str] = (), recused: Collection[int] = ()) -> bool:
        """True when the ticket lies in this scope; `recused` are who keeps out.

        `assisting` are the paths of the units that help with it, or owe an answer to an order or a mending.
        """
        if self.recused_staff_id in recused:
            return False
        if self.everything or (self.ticket_id is not None and ticket.id == self.ticket_id):
            return True
        paths = [*assisting] if ticket.desk_path is None else [ticket.desk_path, *assisting]
        return any(path.startswith(self.desk_paths) for path in paths)


def scope_of(actor: Actor) -> Scope:
    """The centre and the inspector see every ticket, a unit those on its desks and those it assists with, an enterprise its own.

    An administrator or a knowledge editor sees none (rules 1 and 8). `desk_path` is empty before a dispatch.
    """
    if actor.is_enterprise:
        return Scope(ticket_id=actor.ticket_id)
    if actor.is_system or actor.at_centre:
        return Scope(everything=True, recused_staff_id=actor.staff_id)
    return Scope(desk_paths=actor.unit_paths(), recused_staff_id=actor.staff_id)


AT_THE_LINE = CENTRE_ROLES | {Role.OUTSOURCED_OPERATOR}


class Identities(Enum):
    """Of which of the tickets in their scope somebody may know whose they are."""

    ALL = "all"
    NOT_SECRET = "not_secret"
    NONE = "none"


def identities_of(actor: Actor) -> Identities:
    """Return of which tickets names and credit codes may be shown at all (phones and persons stay masked even then).

    A unit never learns who stands behind a confidential or anonymous ticket, on any path; an inspector sees nobody.
    """
    if actor.is_enterprise or actor.is_system or actor.roles & AT_THE_LINE:
        return Identities.ALL
    return Identities.NONE if actor.at_centre else Identities.NOT_SECRET


def sees_identity(actor: Actor, ticket: Seen) -> bool:
    """Return whether this reader of the ticket may know whose it is; the models turn the same answer into SQL."""
    seen = identities_of(actor)
    return seen is Identities.ALL or (seen is Identities.NOT_SECRET and not (ticket.confidential or ticket.anonymous))


def reads_attachment(actor: Actor, ticket: Seen, *, for_unit: bool) -> bool:
    """Whoever may know whose ticket it is reads everything; a unit what is for it; an inspector nothing."""
    return sees_identity(actor, ticket) or (for_unit and not actor.at_centre)
