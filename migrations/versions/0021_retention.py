"""Closed wallets say so, what was bound or linked by closed accounts leads to nobody, and what has
stayed its time is found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("wallet", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "evidence_run",
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("after", sa.LargeBinary(length=16), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("days", "until_day", name=op.f("pk_evidence_run")),
    )
    for name, table, column in (
        ("ix_consent_until_day", "consent", "until_day"),
        ("ix_grade_quarter", "grade", "quarter"),
        ("ix_redemption_resident_id", "redemption", "resident_id"),
        ("ix_resident_closed_at", "resident", "closed_at"),
        ("ix_sign_in_ended_at", "sign_in", "ended_at"),
    ):
        op.create_index(name, table, [column], unique=False)
    op.create_index("ix_disclosure_at", "disclosure", ["at"], unique=False, postgresql_using="brin")
    _forget_closed()


def _forget_closed() -> None:
    """Accounts that were closed before: as those that will be."""
    account = sa.table("resident", sa.column("id"), sa.column("status"), sa.column("closed_at"))
    closed = sa.select(account.c.id).where(account.c.status == "closed")

    def table(name: str, *columns: str) -> sa.TableClause:
        return sa.table(name, *(sa.column(each) for each in ("resident_id", *columns)))

    wallet = table("wallet", "closed_at")
    closed_at = sa.select(account.c.closed_at).where(account.c.id == wallet.c.resident_id)
    link = table("link", "id", "account_sealed", "account_hash")
    for statement in (
        wallet.update().values(closed_at=closed_at.scalar_subquery()),
        table("binding").update().values(resident_id=bytes(16)),
        link.update().values(account_sealed=b"", account_hash=link.c.id),
        table("voucher_code").delete(),
        table("object_wait").delete(),
    ):
        op.execute(statement.where(statement.table.c.resident_id.in_(closed)))
