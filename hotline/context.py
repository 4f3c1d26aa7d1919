"""The context of one transaction: what every action and every query is given."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.rules.actors import Actor
from hotline.rules.rulebook import Rulebook


class Context:
    """One transaction: its session, who acts, the instant at which it happens, and the rules as they stand.

    `read_rules` is called once, and only where a rule is needed: the calendar may have been imported into the database.
    """

    __slots__ = ("_read_rules", "_rules", "actor", "now", "session")

    def __init__(self, session: Session, actor: Actor, now: datetime, read_rules: Callable[[], Rulebook]) -> None:
        self.session, self.actor, self.now = session, actor, now
        self._read_rules = read_rules
        self._rules: Rulebook | None = None

    @property
    def rules(self) -> Rulebook:
        """No `cached_property`: in Python 3.11 that holds one lock for all threads, while this one may wait for the database."""
        if self._rules is None:
            self._rules = self._read_rules()
        return self._rules

    def by(self, actor: Actor) -> "Context":
        """Return the same transaction with another actor."""
        return Context(self.session, actor, self.now, lambda: self.rules)

    def under(self, rules: Rulebook) -> "Context":
        """Return the same transaction by other rules, as those of a calendar that is tried out."""
        return Context(self.session, self.actor, self.now, lambda: rules)

    def at(self, now: datetime) -> "Context":
        """Return the same transaction at another instant."""
        return Context(self.session, self.actor, now, lambda: self.rules)
