"""Who acts: a member of staff with roles, an enterprise with its ticket's code, or the service itself."""

from dataclasses import dataclass, field

from hotline.rules.vocabulary import CENTRE_ROLES, UNIT_ROLES, Role


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, held over the subtree of units below `path` (materialised: "/3/17/")."""

    role: Role
    path: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or the service (`system`), at the moment of acting.

    `ticket_id` is set for an enterprise that proved its query code, and then for that ticket only.
    """

    name: str
    staff_id: int | None = None
    unit_id: int | None = None
    unit_path: str = ""
    grants: tuple[Grant, ...] = ()
    ticket_id: int | None = None
    is_system: bool = False
    roles: frozenset[Role] = field(init=False, repr=False, compare=False)
    """The roles of the grants, gathered once: every row of a list is asked who reads it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "roles", frozenset(grant.role for grant in self.grants))

    @property
    def is_enterprise(self) -> bool:
        return self.ticket_id is not None

    @property
    def at_centre(self) -> bool:
        """Holds a seat that works on every ticket of the city."""
        return bool(self.roles & (CENTRE_ROLES | {Role.OUTSOURCED_OPERATOR, Role.INSPECTOR}))

    def unit_paths(self, roles: frozenset[Role] = UNIT_ROLES) -> tuple[str, ...]:
        """The subtrees over which the actor holds one of the unit roles given."""
        return tuple(sorted({grant.path for grant in self.grants if grant.role in roles}))


SYSTEM = Actor(name="系统", is_system=True)
VISITOR = Actor(name="企业", ticket_id=0)
"""An enterprise that submits and has proved no ticket: it sees none (no ticket has the id 0)."""
