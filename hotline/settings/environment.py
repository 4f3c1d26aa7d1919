"""Settings from the environment; the service refuses to start without its keys, naming the variable."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hotline.settings.config_files import BadSettings, resource


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
