"""Tables of reports."""

import sqlalchemy as sa

from app.plumbing.db import Id, UtcDateTime, metadata

# One count of the city, named by the morning from which it is due. `figures` are the sums over the
# residents up to `after`, as JSON; they are told once it has ended.
city_count = sa.Table(
    "city_count",
    metadata,
    sa.Column("morning", sa.Date, primary_key=True),
    sa.Column("began_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("after", Id, nullable=False),
    sa.Column("figures", sa.Text, nullable=False),
)
