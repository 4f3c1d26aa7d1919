"""`python -m benchmarks.partitions --postgresql URL`: what yearly partitions of the timeline bring, tried beside the one table.

On a database that `benchmarks.load` has filled: the lines of the last `--years` years of tickets are copied into one table and
into one with a partition for each year, with the same indexes. A ticket's year is told by its number's order, so that partitions
are ranges of `ticket_id`, and the lines of a ticket are unique as before. Both copies are dropped at the end.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import Connection, create_engine, text

ASKED = 2_000
COPIED = "at, recorded_at, entry, actor, audience, data, previous_hash, hash"
WHOLE, YEARLY = "trial_whole", "trial_yearly"
SIZE = text("""
SELECT coalesce((SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree(CAST(:table AS regclass))),
                pg_total_relation_size(CAST(:table AS regclass)))
""")
YEARS = text("""
SELECT extract(year FROM received_at)::int AS year, min(id) AS first, max(id) + 1 AS beyond FROM tickets
WHERE state = 'closed' GROUP BY 1 ORDER BY 1 DESC LIMIT :years
""")


class Year(NamedTuple):
    year: int
    first: int
    beyond: int


def _made(connection: Connection, years: list[Year]) -> None:
    low, high = min(year.first for year in years), max(year.beyond for year in years)
    connection.execute(text(f"DROP TABLE IF EXISTS {WHOLE}, {YEARLY}"))
    connection.execute(text(f"CREATE TABLE {WHOLE} (LIKE timeline INCLUDING DEFAULTS)"))
    connection.execute(text(f"CREATE TABLE {YEARLY} (LIKE timeline INCLUDING DEFAULTS) PARTITION BY RANGE (ticket_id)"))
    for year in years:
        part = f"{YEARLY}_{year.year} PARTITION OF {YEARLY} FOR VALUES FROM ({year.first}) TO ({year.beyond})"
        connection.execute(text(f"CREATE TABLE {part}"))
    for table in (WHOLE, YEARLY):
        lines = text(f"INSERT INTO {table} SELECT * FROM timeline WHERE ticket_id >= :low AND ticket_id < :high")
        print(f"{table}: filled in {_seconds(lambda q=lines: connection.execute(q, {'low': low, 'high': high})):.0f} s")  # type: ignore[misc]
        unique = text(f"CREATE UNIQUE INDEX ON {table} (ticket_id, sequence)")
        print(f"{table}: indexed in {_seconds(lambda q=unique: connection.execute(q)):.0f} s")  # type: ignore[misc]
        connection.execute(text(f"VACUUM ANALYZE {table}"))


def _seconds(act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def _reading(connection: Connection, table: str, ids: list[int]) -> str:
    return _median(connection, f"SELECT * FROM {table} WHERE ticket_id = :id ORDER BY sequence", ids)


def _appending(connection: Connection, table: str, ids: list[int]) -> str:
    """One line more for each ticket, each in a transaction of its own."""
    made = f"SELECT -id, ticket_id, 99, {COPIED} FROM {table} WHERE ticket_id = :id LIMIT 1"
    return _median(connection, f"INSERT INTO {table} (id, ticket_id, sequence, {COPIED}) {made}", ids)


def _median(connection: Connection, statement: str, ids: list[int]) -> str:
    prepared = text(statement)
    taken = [_seconds(lambda i=id: connection.execute(prepared, {"id": i})) for id in ids]  # type: ignore[misc]
    return f"{statistics.median(taken) * 1000:.2f} ms"


def _retired(connection: Connection, oldest: Year) -> None:
    """The oldest year taken away: deleted from the one table, detached from the other."""
    delete = text(f"DELETE FROM {WHOLE} WHERE ticket_id >= :first AND ticket_id < :beyond")
    known = {"first": oldest.first, "beyond": oldest.beyond}
    print(f"{oldest.year} deleted from the one table: {_seconds(lambda: connection.execute(delete, known)):.1f} s")
    print(f"  and what is left of it cleaned up: {_seconds(lambda: connection.execute(text(f'VACUUM {WHOLE}'))):.1f} s")
    detach = text(f"ALTER TABLE {YEARLY} DETACH PARTITION {YEARLY}_{oldest.year}")
    print(f"{oldest.year} detached: {_seconds(lambda: connection.execute(detach)) * 1000:.0f} ms")


def measure(connection: Connection, years: list[Year], chance: random.Random) -> None:
    _made(connection, years)
    ids = [id for year in years for id in chance.sample(range(year.first, year.beyond), ASKED // len(years))]
    for table in (WHOLE, YEARLY):
        size = connection.scalar(SIZE, {"table": table})
        read, added = _reading(connection, table, ids), _appending(connection, table, ids)
        print(f"{table}: {float(size or 0) / 2**30:.2f} GB; a ticket's lines {read}; a line more {added}")
    _retired(connection, years[-1])
    connection.execute(text(f"DROP TABLE IF EXISTS {WHOLE}, {YEARLY}, {YEARLY}_{years[-1].year}"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.partitions", description=__doc__)
    parser.add_argument("--postgresql", required=True, help="the address of a database that benchmarks.load has filled")
    parser.add_argument("--years", type=int, default=4)
    arguments = parser.parse_args()
    engine = create_engine(arguments.postgresql, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        years = [Year(*row) for row in connection.execute(YEARS, {"years": arguments.years})]
        measure(connection, years, random.Random(1))
    engine.dispose()


if __name__ == "__main__":
    main()
