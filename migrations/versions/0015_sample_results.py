"""sample results"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What a laboratory found in a sample: a part waits for it, and its limits start with it (process.md 7)."""
    op.create_table(
        "sample_results",
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("operation_id", sa.String(length=36), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("report_no", sa.String(length=100), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("formed_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("entered_by", sa.String(length=36), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_sample_results_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_results")),
        sa.UniqueConstraint("visit_id", "operation_id", name=op.f("uq_sample_results_visit_id_operation_id")),
    )


def downgrade() -> None:
    """Results go; the samples stand in the record."""
    op.drop_table("sample_results")
