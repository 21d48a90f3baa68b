"""A long history straight into the tables: what the product would have written of bus taps.

One tap of one resident is recorded by the product itself; its rows are the pattern from which
`generate_series` makes all others, so that a history is scored, paid and tallied by the rules in
force. Rows stand in the order of arrival: each morning and each evening everybody once.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, LiteralString, NamedTuple

import psycopg
from psycopg import sql

from app import activities, identity
from app.activities import scoring
from app.ledger import model
from app.ledger import service as ledger
from bench.figures import say
from bench.place import Base, City, columns, found_city

# Hours of the taps in UTC: a quarter past eight and half past six in the city.
TAPS = (time(0, 15, tzinfo=UTC), time(10, 30, tzinfo=UTC))
_ARRIVES = time(18, tzinfo=UTC)  # two in the morning of the city's next day
_TOLD_EVERY = 100

_ID: LiteralString = (
    "substring(decode(lpad(to_hex({ms}), 12, '0'), 'hex')"
    " || sha256(({kind} || {tap} || n)::bytea) FROM 1 FOR 16)"
)
# Column → what stands there instead of the pattern's.
_CHANGED: dict[str, dict[str, LiteralString]] = {
    "activity": {
        "resident_id": "r.id",
        "id": _ID.replace("{kind}", "'act'"),
        "reference_hash": "sha256(('reference' || {tap} || n)::bytea)",
        "content_hash": "substring(sha256(('content' || {tap} || n)::bytea) FROM 1 FOR 16)",
        "occurred_at": "{occurred_at}",
        "earned_on": "{earned_on}",
        "due_on": "{due_on}",
        "recorded_at": "{recorded_at}",
    },
    "transfer": {
        "resident_id": "r.id",
        "id": _ID.replace("{kind}", "'transfer'"),
        "cause": _ID.replace("{kind}", "'act'"),
        "credit_day": "{expires_on}",
        "due_on": "{due_on}",
        "recorded_at": "{recorded_at}",
    },
}
_SUMS = ("units", "count", "reduction_mg", "points")


class Day(NamedTuple):
    """A day of history: when its acts are due, and when their points expire."""

    day: date
    due_on: date
    expires_on: date


def make(base: Base, residents: int, days: list[date]) -> City:
    """So many residents, each with two taps on each of these days (the last of which is over)."""
    whole = found_city(base, residents + 1, days[0] - timedelta(days=1))
    city = whole._replace(residents=whole.residents[:-1])
    pattern = whole.residents[-1]
    found = _pattern(base, city, residents, days)
    with base.session() as db:
        db.execute("CREATE TABLE numbered (n int PRIMARY KEY, id bytea NOT NULL)")
        with db.cursor().copy("COPY numbered FROM STDIN") as copy:
            for row in enumerate(city.residents, start=1):
                copy.write_row(row)
        _totals(db, pattern, found)
    with ThreadPoolExecutor(len(_CHANGED)) as pool:
        list(pool.map(lambda table: _fill(base, table, pattern, residents, found), _CHANGED))
    base.settle()
    return city


def _pattern(base: Base, city: City, number: int, days: list[date]) -> list[Day]:
    """Have the product record the pattern's one tap; what it makes of the days."""
    card = f"card{number}"
    item: dict[str, Any] = {
        "reference": "pattern", "subject": card, "behaviour": "bus_ride", "quantity": None,
        "unit": None, "evidence": {}, "occurred_at": _at(days[-1], TAPS[0]).isoformat(),
    }  # fmt: skip
    with base.work() as work:
        client = identity.find_client(work, city.provider)
        assert client is not None
        provider = activities.Provider(client.id, city.provider, None)
        (result,) = activities.record(work, provider, [item])
        assert result.status == "credited", result
        terms, bus = ledger.terms(work), work.rules.behaviours["bus_ride"]
        due = [scoring.due_on(work.rules, bus, day) for day in days]
    return [Day(d, on, model.lot_day(on, terms)) for d, on in zip(days, due, strict=True)]


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour)


def _fill(base: Base, table: str, pattern: bytes, residents: int, days: list[Day]) -> None:
    """Fill one table tap by tap, its indexes away meanwhile."""
    with base.session() as db:
        db.execute("SET max_parallel_maintenance_workers = 0")  # the other table keeps a core busy
        row = sql.SQL("(SELECT * FROM {} WHERE resident_id = {}) AS p").format(
            sql.Identifier(table), sql.Literal(pattern)
        )
        names = columns(db, table)
        db.execute(sql.SQL("CREATE TEMPORARY TABLE pattern AS SELECT * FROM {}").format(row))
        later = _without_indexes(db, table)
        for number, day in enumerate(days, start=1):
            for tap in TAPS:
                db.execute(_tap(table, names, day, tap, residents))
            if number % _TOLD_EVERY == 0:
                say(f"{base.name}: {table}: {2 * number * residents:,} rows")
        say(f"{base.name}: {table}: building its indexes")
        for statement in later:
            db.execute(statement)


def _tap(table: str, names: list[str], day: Day, tap: time, residents: int) -> sql.Composed:
    """The insert of one tap of every resident."""
    arrives = _at(day.day, _ARRIVES)
    values = {
        "ms": sql.Literal(int(arrives.timestamp()) * 1000),
        "tap": sql.Literal(f" {day.day} {tap} "),
        "occurred_at": sql.Literal(_at(day.day, tap)),
        "earned_on": sql.Literal(day.day),
        "due_on": sql.Literal(day.due_on),
        "expires_on": sql.Literal(day.expires_on),
        "recorded_at": sql.Literal(arrives),
    }
    changed = _CHANGED[table]
    chosen = [
        sql.SQL(changed[name]).format(**values) if name in changed else sql.Identifier("p", name)
        for name in names
    ]
    return sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {chosen}"
        " FROM pattern AS p, generate_series(1, {residents}) AS n JOIN numbered AS r USING (n)"
    ).format(
        table=sql.Identifier(table),
        names=sql.SQL(", ").join(map(sql.Identifier, names)),
        chosen=sql.SQL(", ").join(chosen),
        residents=sql.Literal(residents),
    )


def _without_indexes(db: psycopg.Connection[Any], table: str) -> list[str]:
    """Take away a table's indexes; the statements that bring them back."""
    keys = db.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype IN ('p', 'u') ORDER BY contype",
        (table,),
    ).fetchall()
    later = []
    for name, definition in keys:
        db.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        later.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    indexes = db.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s", (table,)
    ).fetchall()
    for name, definition in indexes:
        db.execute(f'DROP INDEX "{name}"')
        later.append(definition)
    return later


def _totals(db: psycopg.Connection[Any], pattern: bytes, days: list[Day]) -> None:
    """Wallets, lots and tallies of all residents, as many times the pattern's as they tapped."""
    (points,) = db.execute("SELECT points FROM activity").fetchone() or (0,)
    db.execute("INSERT INTO wallet (resident_id, debt) SELECT id, 0 FROM numbered")
    for expires_on, count in Counter(day.expires_on for day in days).items():
        db.execute(
            "INSERT INTO account (resident_id, pocket, day, balance)"
            " SELECT id, 'available', %s, %s FROM numbered",
            (expires_on, points * count * len(TAPS)),
        )
    sums = ", ".join(f"{name} * %(times)s" for name in _SUMS)
    for month, count in Counter(f"{day.day:%Y-%m}" for day in days).items():
        db.execute(
            f"INSERT INTO tally (resident_id, behaviour, month, {', '.join(_SUMS)})"
            f" SELECT numbered.id, behaviour, %(month)s, {sums} FROM numbered, tally"
            " WHERE resident_id = %(pattern)s",
            {"month": month, "times": count * len(TAPS), "pattern": pattern},
        )
