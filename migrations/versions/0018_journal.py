"""journal"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """How far the journal has come with this database, and which backups are finished (sync.md 8)."""
    places = op.create_table(
        "journal_places",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("life", sa.String(length=36), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_places")),
    )
    op.bulk_insert(places, [{"id": 1, "life": "", "number": 0, "hash": "0" * 64}])
    op.create_table(
        "finished_backups",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("safe_to", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finished_backups")),
    )


def downgrade() -> None:
    """The journal's files stay; without its place nothing can be put on top of a backup any more."""
    op.drop_table("finished_backups")
    op.drop_table("journal_places")
