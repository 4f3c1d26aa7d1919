"""The limits after which a silent database, or a silent host of ours, is given up."""

import socket

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DataError, OperationalError

from hotline.models.database import engine
from hotline.models.database.engine import OURS, no_timeouts, options_for
from hotline.models.database.session import UNAVAILABLE, Database

LIMITS = "SELECT current_setting('idle_in_transaction_session_timeout'), current_setting('tcp_user_timeout')"


def given_to(url: URL, **query: str) -> dict[str, str | int]:
    return options_for(url.update_query_dict(query))


def test_what_the_url_says_takes_the_place_of_ours() -> None:
    url = make_url("postgresql+psycopg://hotline@db/hotline")
    assert {name: given_to(url)[name] for name in OURS} == OURS
    given = given_to(url, connect_timeout="2", options="-c search_path=here")
    assert "connect_timeout" not in given and given["tcp_user_timeout"] == OURS["tcp_user_timeout"]
    assert str(given["options"]).endswith(" -c search_path=here")


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_the_server_ends_what_stands_still_unless_it_takes_time(database_url: str) -> None:
    database = Database(database_url)
    with database.engine.begin() as connection:
        assert connection.execute(text(LIMITS)).one()[0] == "1min"
        no_timeouts(connection)
        assert tuple(connection.execute(text(LIMITS)).one()) == ("0", "0")
    with database.engine.connect() as connection:
        assert connection.execute(text(LIMITS)).one()[0] == "1min"
    database.dispose()
    given = make_url(database_url).update_query_dict({"options": "-c idle_in_transaction_session_timeout=7s"})
    database = Database(given.render_as_string(hide_password=False))
    with database.engine.connect() as connection:
        assert connection.execute(text(LIMITS)).one()[0] == "7s"
    database.dispose()


def test_after_a_failure_nobody_waits_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "REST", 3600.0)
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        database = Database(f"postgresql+psycopg://postgres@127.0.0.1:{nobody_listens.getsockname()[1]}/hotline")
        said = []
        for _ in range(2):
            with pytest.raises(OperationalError) as refused, database.engine.connect():
                pass
            said.append(str(refused.value))
    assert "not tried" not in said[0] and "not tried" in said[1]


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_what_fails_inside_the_server_is_the_database_s_silence_and_not_a_request_s_fault(database_url: str) -> None:
    """As a disk that is full in the middle of a commit; what a statement does wrong stays its own."""
    database = Database(database_url)
    for state, error in (("XX000", UNAVAILABLE), ("22012", DataError)):
        with pytest.raises(error), database.snapshot() as session:
            session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$"))
    database.dispose()
