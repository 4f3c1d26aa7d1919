"""Typed settings from `config/` and the environment; refuses to start on bad data, naming file and key."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import hotline
from hotline.calendar_layers import business_hours_from, config_layer, package_layer
from hotline.rules.administration import AdministrationRules
from hotline.rules.article_use import UseRules
from hotline.rules.call_back import CallBackRules
from hotline.rules.contacts import LEAST_YEARS, ContactRules
from hotline.rules.freshness import FreshnessRules
from hotline.rules.hot_topics import HotTopicRules
from hotline.rules.ladder import Ladder, OrderIssue
from hotline.rules.passwords import PasswordRules
from hotline.rules.rating import RatingRules, ReasonList
from hotline.rules.rulebook import Rulebook
from hotline.rules.sign_in import SIX_MONTHS, SignInRules
from hotline.rules.submitting import SubmissionRules
from hotline.rules.time_limits import Limit, TimeLimits
from hotline.rules.vocabulary import ClockKind, Difficulty, ResultKind, Role, Urgency
from hotline.rules.working_calendar import WorkingCalendar


class BadSettings(Exception):
    """The service cannot start; the sentence names the file or the variable."""


def resource(name: str) -> Path:
    """A folder that the package carries (`config`, `knowledge_base`, `migrations`), in a wheel or in a checkout."""
    inside = Path(hotline.__file__).parent / name
    return inside if inside.is_dir() else Path(hotline.__file__).parents[1] / name


@dataclass(frozen=True)
class Settings:
    """Where things are, and the two keys: `secret_key` for sessions and codes, `data_key` for identity columns.

    `clamd`: the socket of a virus scanner, a path or host:port; empty: none.
    `public_url`: the address under which the enterprises reach the service, for links in messages; empty: no links.
    `proxies`: how many reverse proxies stand in front, each adding to X-Forwarded-For; `secure_cookies` behind TLS.
    `metrics_token`: what Prometheus sends to read `/metrics`; empty: nobody reads it.
    `replica_url`: a standby of the database, for lists and figures; empty: none.
    """

    database_url: str
    secret_key: str
    data_key: str
    config: Path
    data: Path
    proxies: int = 0
    clamd: str = ""
    public_url: str = ""
    secure_cookies: bool = False
    metrics_token: str = ""
    replica_url: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Reads `HOTLINE_*`; without both keys the service refuses to start."""
        env = os.environ if environment is None else environment
        data = Path(env.get("HOTLINE_DATA", "var"))
        missing = [name for name in ("HOTLINE_SECRET_KEY", "HOTLINE_DATA_KEY") if not env.get(name)]
        if missing:
            raise BadSettings(f"缺少环境变量 {'、'.join(missing)}：正式运行必须设置密钥（试用请运行 hotline demo）。")
        short = [name for name in ("HOTLINE_SECRET_KEY", "HOTLINE_DATA_KEY") if len(env[name]) < 16]
        if short:
            raise BadSettings(f"环境变量 {'、'.join(short)} 太短：至少16个字符。")
        database_url = env.get("HOTLINE_DATABASE_URL", f"sqlite:///{(data / 'hotline.db').absolute()}")
        return cls(
            database_url=database_url,
            secret_key=env["HOTLINE_SECRET_KEY"],
            data_key=env["HOTLINE_DATA_KEY"],
            config=Path(env["HOTLINE_CONFIG"]) if env.get("HOTLINE_CONFIG") else resource("config"),
            data=data,
            proxies=_number(env, "HOTLINE_PROXIES"),
            clamd=env.get("HOTLINE_CLAMD", ""),
            public_url=env.get("HOTLINE_PUBLIC_URL", "").rstrip("/"),
            secure_cookies=env.get("HOTLINE_SECURE_COOKIES") == "yes",
            metrics_token=env.get("HOTLINE_METRICS_TOKEN", ""),
            replica_url=_replica(env, database_url),
        )


def _number(env: Mapping[str, str], name: str) -> int:
    text = env.get(name, "0")
    if not text.isdecimal():
        raise BadSettings(f"环境变量 {name} 应为数字，现为“{text}”。")
    return int(text)


def _replica(env: Mapping[str, str], database_url: str) -> str:
    url = env.get("HOTLINE_REPLICA_URL", "")
    if url and not (url.startswith("postgresql") and database_url.startswith("postgresql")):
        raise BadSettings("HOTLINE_REPLICA_URL 只能与 PostgreSQL 同用：SQLite 没有只读副本。")
    return url


def read_toml(path: Path) -> dict[str, Any]:
    """One configuration file; refuses with its name when it is missing or no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadSettings(f"缺少配置文件 {path}。") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None


def time_limits_from(path: Path) -> TimeLimits:
    """The time limits of `time_limits.toml`."""
    raw = read_toml(path)
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
    except (KeyError, TypeError, ValueError) as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None


def ladder_from(path: Path) -> Ladder:
    """The ladder of `ladder.toml`."""
    raw = read_toml(path)
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
    except (KeyError, TypeError, ValueError) as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None


def ratings_from(path: Path) -> RatingRules:
    """The rules of `ratings.toml`; refuses lists of reasons that are not in the order of their dates."""
    raw = read_toml(path)
    try:
        reasons = tuple(ReasonList(**entry) for entry in raw.pop("reasons"))
        rules = RatingRules(**raw, reasons=reasons)
    except (KeyError, TypeError) as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None
    order = [(known.since, known.version) for known in reasons]
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
        too_short = rules.kept_years < LEAST_YEARS
    except (KeyError, TypeError) as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None
    if too_short:
        raise BadSettings(f"配置文件 {path} 有误：联系方式至少保留两年，kept_years 不能小于{LEAST_YEARS}。")
    return rules


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
    )
