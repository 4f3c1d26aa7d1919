"""Signing in: when guessing is locked, when a session ends, and who needs a second factor."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.rules.actors import Actor
from hotline.rules.vocabulary import Role, Word

SIX_MONTHS = 184
"""Days: the longest six months of a year; the Cybersecurity Law 网络安全法 asks for six months of logs at least."""


class TryOutcome(Word):
    """How a try to sign in went; until it is known to be right it is wrong."""

    WRONG = "wrong", "未通过"
    HALFWAY = "halfway", "密码正确，等待验证码"
    RIGHT = "right", "通过"


class AccountChange(Word):
    """What was changed of what somebody signs in by; they are told."""

    PASSWORD = "password", "密码已修改"
    PASSWORD_SET = "password_set", "密码已由管理员重设"
    FACTOR_ON = "factor_on", "两步验证已开启"
    FACTOR_OFF = "factor_off", "两步验证已关闭"
    FACTOR_RESET = "factor_reset", "两步验证已由管理员关闭"


@dataclass(frozen=True, slots=True)
class SignInRules:
    """Counts of wrong tries within `window`; `idle` and `lasts` of a session; `touch` between two notes that it is used."""

    window: timedelta
    per_account_and_address: int
    per_account: int
    per_address: int
    idle: timedelta
    lasts: timedelta
    touch: timedelta
    second_factor_roles: frozenset[Role]
    second_step: timedelta
    log_kept: timedelta

    def is_locked(self, *, here: int, of_account: int, from_address: int) -> bool:
        """Whether so many wrong tries are too many: of this account from here, of it from anywhere, from here for any."""
        return (
            here >= self.per_account_and_address or of_account >= self.per_account or from_address >= self.per_address
        )

    def needs_second_factor(self, roles: Collection[Role]) -> bool:
        return bool(self.second_factor_roles & set(roles))

    def idle_since(self, now: datetime) -> datetime:
        """A session that was not used since then has ended."""
        return now - self.idle

    def time_left(self, come: "SignedIn", *, now: datetime, seen_at: datetime | None = None) -> dict[str, int | None]:
        """Whole seconds until the session ends because it stands idle (None for a token), and until it ends in any case."""
        ends, used = int((come.expires_at - now).total_seconds()), seen_at or come.seen_at
        if come.seen_at is None or used is None:
            return {"idle_seconds": None, "ends_seconds": ends}
        return {"idle_seconds": min(ends, int((used + self.idle - now).total_seconds())), "ends_seconds": ends}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has come, by which row, and until when; `seen_at` is None for a token, which knows no idle limit."""

    id: int
    actor: Actor
    seen_at: datetime | None
    expires_at: datetime
    has_second_factor: bool
