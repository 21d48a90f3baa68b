"""The floor of an import: the same rows by the shortest set-based SQL, in the order of the file.

One session, one transaction: COPY to a staging table, insert the acts, insert the transfers, add
up the balances, into tables with the product's own columns, constraints and indexes. The rows are
scored already: they are what the product made of the same file, read back outside the clock.
"""

import time
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg import sql

from bench.place import Base, columns

_BLOCK = 1 << 20
_POCKETS = "('available', 'pending', 'held', 'grace')"

_EXPORT = """
COPY (
  WITH line AS (
    SELECT n, sha256(convert_to({head} || n, 'UTF8')) AS hash FROM generate_series(1, {lines}) AS n
  ), act AS (
    SELECT n, activity.* FROM line JOIN activity ON reference_hash = hash
  ), moved AS (
    SELECT *, row_number() OVER (PARTITION BY resident_id, cause ORDER BY id) AS turn
    FROM transfer WHERE recorded_at >= {since}
  )
  SELECT {acts}, {transfers}
  FROM act FULL JOIN moved
    ON moved.resident_id = act.resident_id AND moved.cause = act.id AND turn = 1
  ORDER BY n NULLS LAST
) TO STDOUT
"""

_BALANCES = f"""
WITH moved AS (
  SELECT t_resident_id, pocket, day, sum(amount) AS amount FROM (
    SELECT t_resident_id, t_credit, t_credit_day, t_amount FROM staged WHERE t_credit IN {_POCKETS}
    UNION ALL
    SELECT t_resident_id, t_debit, t_debit_day, -t_amount FROM staged WHERE t_debit IN {_POCKETS}
  ) AS sides (t_resident_id, pocket, day, amount)
  GROUP BY t_resident_id, pocket, day
)"""

_GAINS = f"""{_BALANCES}
INSERT INTO account (resident_id, pocket, day, balance) SELECT * FROM moved WHERE amount > 0
ON CONFLICT (resident_id, pocket, day) DO UPDATE SET balance = account.balance + excluded.balance
"""

_LOSSES = f"""{_BALANCES}
UPDATE account SET balance = account.balance + moved.amount FROM moved
WHERE account.resident_id = t_resident_id AND account.pocket = moved.pocket
  AND account.day = moved.day AND moved.amount < 0
"""

_LOST = f"SELECT 1 FROM transfer WHERE recorded_at >= %s AND debit IN {_POCKETS} LIMIT 1"

_WRITTEN = """
SELECT (SELECT count(*) FROM activity), (SELECT count(*) FROM transfer),
  (SELECT sum(balance) FROM account)
"""


def export(product: Base, path: Path, head: str, lines: int, since: datetime) -> bool:
    """Read back what the product wrote since an instant for references `head` and 1 to `lines`.

    The rows go to `path` in the order of the file. Returns whether balances were lowered, too.
    """
    with product.session() as db:
        db.execute("SET work_mem = '512MB'")
        statement = sql.SQL(_EXPORT).format(
            head=sql.Literal(head),
            lines=sql.Literal(lines),
            since=sql.Literal(since),
            acts=_listed(["act." + name for name in columns(db, "activity")]),
            transfers=_listed(["moved." + name for name in columns(db, "transfer")]),
        )
        with path.open("wb") as file, db.cursor().copy(statement) as copy:
            for block in copy:
                file.write(block)
        return db.execute(_LOST, (since,)).fetchone() is not None


def write(floor: Base, path: Path, lost: bool) -> float:
    """Write the rows of `path`; the seconds it took, the file's reading included."""
    with floor.session() as db:
        acts, transfers = columns(db, "activity"), columns(db, "transfer")
        statements: list[sql.Composed | sql.SQL] = [
            _insert("activity", acts, acts, "id"),
            _insert("transfer", transfers, [f"t_{name}" for name in transfers], "t_id"),
            sql.SQL(_GAINS),
            *([sql.SQL(_LOSSES)] if lost else []),
        ]
        began = time.perf_counter()
        with db.transaction():
            db.execute(_staging(acts, transfers))
            with path.open("rb") as file, db.cursor().copy("COPY staged FROM STDIN") as copy:
                while block := file.read(_BLOCK):
                    copy.write(block)
            for statement in statements:
                db.execute(statement)
        return time.perf_counter() - began


def written(base: Base) -> tuple[Any, ...]:
    """Acts, transfers and the sum of all balances: equal on both sides, or the floor lies."""
    with base.session() as db:
        row: tuple[Any, ...] | None = db.execute(_WRITTEN).fetchone()
    assert row is not None
    return row


def _staging(acts: list[str], transfers: list[str]) -> sql.Composed:
    return sql.SQL(
        "CREATE TEMPORARY TABLE staged ON COMMIT DROP AS"
        " SELECT {acts}, {transfers} FROM activity AS a, transfer AS t WITH NO DATA"
    ).format(
        acts=_listed([f"a.{name}" for name in acts]),
        transfers=_listed([f"t.{name} AS t_{name}" for name in transfers]),
    )


def _insert(table: str, into: list[str], source: list[str], there: str) -> sql.Composed:
    return sql.SQL(
        "INSERT INTO {table} ({into}) SELECT {source} FROM staged WHERE {there} IS NOT NULL"
    ).format(
        table=sql.Identifier(table), into=_listed(into), source=_listed(source),
        there=sql.Identifier(there),
    )  # fmt: skip


def _listed(names: list[str]) -> sql.Composable:
    # Names of the product's own columns: nothing of them comes from outside.
    return sql.SQL(", ".join(names))
