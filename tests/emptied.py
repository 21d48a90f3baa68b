"""One PostgreSQL database for many tests, emptied between them: a new one for each takes longer."""

import psycopg

# Deleting from many small tables is faster than cutting them; a table is cut when its dead have
# grown.
_EMPTY = """
DO $$
DECLARE
  each record;
BEGIN
  FOR each IN
    SELECT relname AS name, pg_relation_size(oid) AS bytes FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
  LOOP
    IF each.bytes > 262144 THEN
      EXECUTE format('TRUNCATE %I CASCADE', each.name);
    ELSIF each.bytes > 0 THEN
      EXECUTE format('DELETE FROM %I', each.name);
    END IF;
  END LOOP;
END $$
"""
_END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


class Emptied:
    """A database with all tables; a test that changes tables themselves makes one of its own."""

    def __init__(self, url: str) -> None:
        self.url = url
        address = url.replace("+psycopg", "", 1)
        self._connection = psycopg.connect(address, autocommit=True)
        # Rows may go in any order: no foreign key looks.
        self._connection.execute("SET session_replication_role = replica")

    def empty(self) -> None:
        """End what other sessions are left in it, and take every row away."""
        self._connection.execute(_END_OTHERS)
        self._connection.execute(_EMPTY)

    def close(self) -> None:
        self._connection.close()
