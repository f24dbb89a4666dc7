"""subjects by change"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A million subjects in the order in which they were last changed, page by page."""
    op.create_index(
        "ix_subjects_region_updated_number", "subjects", ["region_id", "updated_at", "number"], unique=False
    )


def downgrade() -> None:
    """The index goes."""
    op.drop_index("ix_subjects_region_updated_number", table_name="subjects")
