"""The rules as `config/` states them; refuses to start on bad data, naming file and key."""

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from hotline.rules.accounts.administration import AdministrationRules
from hotline.rules.accounts.passwords import PasswordRules
from hotline.rules.accounts.sign_in import SIX_MONTHS, SignInRules
from hotline.rules.call_backs.call_back import CallBackRules
from hotline.rules.deadlines.ladder import Ladder, OrderIssue
from hotline.rules.deadlines.time_limits import Limit, TimeLimits
from hotline.rules.deadlines.working_calendar import WorkingCalendar
from hotline.rules.intake.import_columns import ImportColumns
from hotline.rules.intake.repeats import RepeatRules
from hotline.rules.intake.retention import LEAST_YEARS, ContactRules
from hotline.rules.jobs import CleanupRules
from hotline.rules.knowledge.article_use import UseRules
from hotline.rules.knowledge.freshness import FreshnessRules
from hotline.rules.public.look_up import LookUpRules
from hotline.rules.public.public_submission import SubmissionRules
from hotline.rules.ratings.rating import RatingRules, ReasonList
from hotline.rules.rulebook import Rulebook
from hotline.rules.tickets.hot_topics import HotTopicRules
from hotline.rules.vocabulary import ClockKind, Difficulty, ResultKind, Role, Satisfaction, Urgency
from hotline.settings.calendar_layers import business_hours_from, config_layer, package_layer
from hotline.settings.config_files import BadSettings, counts_from, read_toml
from hotline.settings.rule_sources import rule_sources


def time_limits_from(path: Path) -> TimeLimits:
    """The time limits of `time_limits.toml`."""
    return time_limits_of(read_toml(path), f"配置文件 {path}")


def time_limits_of(stated: Mapping[str, Any], where: str) -> TimeLimits:
    """The time limits that are stated there; refuses (`BadSettings`), naming the place, what is wrong."""
    raw = dict(stated)
    try:
        return TimeLimits(
            plain={ClockKind(kind): Limit(**value) for kind, value in raw.pop("plain").items()},
            handle={Difficulty(kind): Limit(**value) for kind, value in raw.pop("handle").items()},
            rework={Difficulty(kind): Limit(**value) for kind, value in raw.pop("rework").items()},
            rectify={Difficulty(kind): Limit(**value) for kind, value in raw.pop("rectify").items()},
            urgent_sign={Urgency(kind): Limit(**value) for kind, value in raw.pop("urgent_sign").items()},
            urgent_handle=Limit(**raw.pop("urgent_handle")),
            extension={Difficulty(kind): int(days) for kind, days in raw.pop("extension").items()},
            tracked={ResultKind(kind): int(days) for kind, days in raw.pop("tracked").items()},
            **raw,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadSettings(f"{where} 有误：{error}") from None


def ladder_from(path: Path) -> Ladder:
    """The ladder of `ladder.toml`."""
    return ladder_of(read_toml(path), f"配置文件 {path}")


def ladder_of(raw: Mapping[str, Any], where: str) -> Ladder:
    """The ladder that is stated there; refuses (`BadSettings`), naming the place, what is wrong."""
    try:
        return Ladder(
            told_unit={int(step): frozenset(Role(role) for role in roles) for step, roles in raw["told_unit"].items()},
            told_centre={
                ClockKind(kind): frozenset(Role(role) for role in roles) for kind, roles in raw["told_centre"].items()
            },
            short_warning=timedelta(hours=raw["short_warning_hours"]),
            order_after_days=raw["order_after_days"],
            circular_after_days=raw["circular_after_days"],
            order_issue=OrderIssue(raw["order_issue"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadSettings(f"{where} 有误：{error}") from None


def ratings_from(path: Path) -> RatingRules:
    """The rules of `ratings.toml`; refuses lists of reasons that are not in the order of their dates."""
    raw = read_toml(path)
    try:
        reasons = tuple(ReasonList(**entry) for entry in raw.pop("reasons"))
        rules = RatingRules(**raw, reasons=reasons)
    except (KeyError, TypeError) as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None
    order = [(entry.since, entry.version) for entry in reasons]
    if not order or order != sorted(set(order)):
        raise BadSettings(f"配置文件 {path} 有误：reasons 须按 since 和 version 从早到晚排列。")
    return rules


def call_back_from(path: Path) -> CallBackRules:
    """The rules of `call_back.toml`; refuses a script with a place that nothing fills."""
    raw = read_toml(path)
    try:
        rules = CallBackRules(**{**raw, "script": tuple(raw["script"])})
        rules.spoken("", "")
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None
    return rules


def article_use_from(path: Path) -> UseRules:
    """The numbers of `article_use.toml`."""
    try:
        return UseRules(**read_toml(path))
    except TypeError as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None


def administration_from(path: Path) -> AdministrationRules:
    """The numbers of `administration.toml`."""
    try:
        return AdministrationRules(**read_toml(path))
    except TypeError as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None


def freshness_from(path: Path) -> FreshnessRules:
    """The rules of `freshness.toml`."""
    try:
        return FreshnessRules(**read_toml(path))
    except TypeError as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None


def hot_topics_from(path: Path) -> HotTopicRules:
    """The rules of `hot_topics.toml`."""
    try:
        return HotTopicRules(**read_toml(path))
    except TypeError as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None


def passwords_from(folder: Path) -> PasswordRules:
    """The lengths of `security.toml` and every word of `common_passwords.toml`."""
    path, raw = folder / "common_passwords.toml", read_toml(folder / "common_passwords.toml")
    try:
        words = frozenset(word for group in raw.values() for word in group)
        return PasswordRules(**read_toml(folder / "security.toml")["passwords"], words=words)
    except (KeyError, TypeError) as error:
        raise BadSettings(f"配置文件 security.toml 或 {path} 有误：{error}") from None


def sign_in_from(path: Path) -> SignInRules:
    """The rules of `security.toml`; refuses to keep the log for less than six months."""
    raw = read_toml(path)
    try:
        lockout, sessions, second = raw["lockout"], raw["sessions"], raw["second_factor"]
        rules = SignInRules(
            window=timedelta(minutes=lockout.pop("window_minutes")),
            **lockout,
            idle=timedelta(minutes=sessions["idle_minutes"]),
            lasts=timedelta(hours=sessions["lasts_hours"]),
            touch=timedelta(seconds=sessions["touch_seconds"]),
            second_factor_roles=frozenset(Role(role) for role in second["required_roles"]),
            second_step=timedelta(minutes=second["step_minutes"]),
            log_kept=timedelta(days=raw["log"]["kept_days"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None
    if rules.log_kept.days < SIX_MONTHS:
        raise BadSettings(f"配置文件 {path} 有误：日志至少保留六个月，kept_days 不能小于{SIX_MONTHS}。")
    return rules


def submissions_from(path: Path) -> SubmissionRules:
    """How much may come from outside, by `security.toml`."""
    try:
        return SubmissionRules(**read_toml(path)["submissions"])
    except (KeyError, TypeError) as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None


def contacts_from(path: Path) -> ContactRules:
    """How long contacts are kept, by `security.toml`; refuses a time in which one may still be used for a new matter."""
    try:
        rules = ContactRules(**read_toml(path)["contacts"])
        too_short, too_old = rules.kept_years < LEAST_YEARS, rules.used_again_days >= 365 * rules.kept_years
    except (KeyError, TypeError) as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None
    if too_short:
        raise BadSettings(f"配置文件 {path} 有误：联系方式至少保留两年，kept_years 不能小于{LEAST_YEARS}。")
    if too_old:
        raise BadSettings(f"配置文件 {path} 有误：将要销毁的联系方式不能再用，used_again_days 应小于 kept_years 年。")
    return rules


def import_columns_from(path: Path) -> ImportColumns:
    """The headings and words of `import_columns.toml`; refuses a heading that stands for two fields."""
    raw = read_toml(path)
    try:
        return ImportColumns(
            headings={field: tuple(names) for field, names in raw["headings"].items()},
            nothing=tuple(raw["words"]["nothing"]),
            unrated=tuple(raw["words"]["unrated"]),
            satisfaction={word: Satisfaction(level) for word, level in raw["satisfaction"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None


def calendar_from(folder: Path) -> WorkingCalendar:
    """The calendar of the configuration folder over the package; the database's layer is put between them by casework."""
    layers = (config_layer(folder / "calendar"), package_layer())
    return WorkingCalendar(layers, business_hours_from(folder / "business_hours.toml"), version="0")


@lru_cache(maxsize=4)
def rulebook_from(folder: Path) -> Rulebook:
    """All the rules as the configuration folder states them."""
    return Rulebook(
        calendar=calendar_from(folder),
        limits=time_limits_from(folder / "time_limits.toml"),
        ladder=ladder_from(folder / "ladder.toml"),
        ratings=ratings_from(folder / "ratings.toml"),
        call_back=call_back_from(folder / "call_back.toml"),
        article_use=article_use_from(folder / "article_use.toml"),
        freshness=freshness_from(folder / "freshness.toml"),
        hot_topics=hot_topics_from(folder / "hot_topics.toml"),
        passwords=passwords_from(folder),
        sign_in=sign_in_from(folder / "security.toml"),
        submissions=submissions_from(folder / "security.toml"),
        administration=administration_from(folder / "administration.toml"),
        contacts=contacts_from(folder / "security.toml"),
        look_up=counts_from(folder / "security.toml", LookUpRules, "look_up"),
        repeats=counts_from(folder / "repeats.toml", RepeatRules),
        cleanup=counts_from(folder / "security.toml", CleanupRules, "cleanup"),
        sources=rule_sources(folder),
        import_columns=import_columns_from(folder / "import_columns.toml"),
    )
