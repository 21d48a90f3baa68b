"""Accounts of partners in the ledger and in clearing."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    # Longer texts need no rewrite on PostgreSQL; SQLite makes the tables anew.
    with op.batch_alter_table("transfer") as table:
        for name, length in (("debit", 48), ("credit", 48), ("code", 16)):
            table.alter_column(name, type_=sa.String(length), existing_nullable=False)
    with op.batch_alter_table("book_close") as table:
        table.alter_column("account", type_=sa.String(48), existing_nullable=False)
