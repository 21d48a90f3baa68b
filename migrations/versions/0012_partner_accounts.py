"""Accounts of partners in the ledger and in clearing."""

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    pass
