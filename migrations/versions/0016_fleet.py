"""fleet"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OWED = sa.text("stored_at IS NULL")
PAST_GAP = sa.text("waiting IS NOT NULL")


def upgrade() -> None:
    """What each phone last said of itself, and quick ways to what phones owe (sync.md 7)."""
    op.add_column("devices", sa.Column("app_version", sa.String(length=40), nullable=True))
    op.add_column("devices", sa.Column("unsent", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("devices", sa.Column("unsent_since", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_evidence_files_owed", "evidence_files", ["device_id"], sqlite_where=OWED, postgresql_where=OWED
    )
    op.create_index(
        "ix_bundles_past_gap", "bundles", ["device_id"], sqlite_where=PAST_GAP, postgresql_where=PAST_GAP
    )


def downgrade() -> None:
    """Phones tell it again at their next contact."""
    op.drop_index("ix_bundles_past_gap", table_name="bundles")
    op.drop_index("ix_evidence_files_owed", table_name="evidence_files")
    with op.batch_alter_table("devices") as batch:
        batch.drop_column("unsent_since")
        batch.drop_column("unsent")
        batch.drop_column("app_version")
