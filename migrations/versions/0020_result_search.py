"""result search"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

PUBLICATIONS = sa.table(
    "publications",
    sa.column("id", sa.String), sa.column("state", sa.String), sa.column("published_at", sa.DateTime(timezone=True)),
    sa.column("facts", sa.JSON), sa.column("number", sa.Integer), sa.column("searched", sa.String),
)  # fmt: skip
GRAMS = sa.table("result_grams", sa.column("gram", sa.String), sa.column("number", sa.Integer))


def upgrade() -> None:
    """Published results get a place in the list of all, and are found by pairs of characters of their names."""
    op.create_table(
        "result_grams",
        sa.Column("gram", sa.String(length=2), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("gram", "number", name=op.f("pk_result_grams")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("publications") as batch:
        batch.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("searched", sa.String(length=200), nullable=False, server_default=""))
        batch.drop_index("ix_publications_newest")
        batch.create_index("ix_publications_newest", ["state", "number"])
        batch.create_unique_constraint(batch.f("uq_publications_number"), ["number"])
    _number(op.get_bind())


def _number(connection: sa.Connection) -> None:
    public = PUBLICATIONS.c.state.in_(("published", "corrected"))
    rows = sa.select(PUBLICATIONS.c.id, PUBLICATIONS.c.state, PUBLICATIONS.c.facts).where(public)
    ordered = rows.order_by(PUBLICATIONS.c.published_at, PUBLICATIONS.c.id)
    for number, row in enumerate(connection.execute(ordered).all(), start=1):
        text = "".join((row.facts["subject"]["name"] or "").split()).upper()
        kept = PUBLICATIONS.update().where(PUBLICATIONS.c.id == row.id)
        connection.execute(kept.values(number=number, searched=text[:200]))
        grams = dict.fromkeys(text[at : at + 2] for at in range(len(text) - 1))
        if grams and row.state == "published":
            connection.execute(GRAMS.insert(), [{"gram": gram, "number": number} for gram in grams])


def downgrade() -> None:
    """Results are searched by reading them all again."""
    with op.batch_alter_table("publications") as batch:
        batch.drop_constraint(batch.f("uq_publications_number"), type_="unique")
        batch.drop_index("ix_publications_newest")
        batch.create_index("ix_publications_newest", ["state", "published_at", "id"])
        batch.drop_column("searched")
        batch.drop_column("number")
    op.drop_table("result_grams")
