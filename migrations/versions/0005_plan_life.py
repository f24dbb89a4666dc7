"""plan life"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Rows with a state each, who has submitted, every change, what was reported in advance."""
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.add_column(sa.Column("submit_by", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("publish_by", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("removed_at", MOMENT, nullable=True))
    op.execute("UPDATE plans SET version = 1 WHERE state = 'published'")
    with op.batch_alter_table("plan_entries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=8), nullable=False, server_default="joint"))
        batch_op.add_column(sa.Column("state", sa.String(length=12), nullable=False, server_default="merged"))
        batch_op.add_column(sa.Column("state_before", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("drafted_by", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("published_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("returned_reason", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("record_no", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("intake", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("removed_with", sa.String(length=36), nullable=True))
        batch_op.create_index(batch_op.f("ix_plan_entries_state"), ["state"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_plan_entries_drafted_by_departments"), "departments", ["drafted_by"], ["id"]
        )
    op.create_table(
        "plan_submissions",
        sa.Column("plan_id", sa.String(length=36), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("submitted_by", sa.String(length=36), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_plan_submissions_department_id_departments")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_plan_submissions_plan_id_plans"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_submissions")),
        sa.UniqueConstraint(
            "plan_id", "department_id", name=op.f("uq_plan_submissions_plan_id_department_id")
        ),
    )
    op.create_table(
        "plan_changes",
        sa.Column("plan_id", sa.String(length=36), nullable=False),
        sa.Column("plan_entry_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(length=36), nullable=True),
        sa.Column("by_name", sa.String(length=80), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=True),
        sa.Column("differences", JSON, nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("report_no", sa.String(length=80), nullable=True),
        sa.Column("report_id", sa.String(length=36), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        *_of_a_plan("plan_changes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_changes")),
    )
    op.create_table(
        "plan_reports",
        sa.Column("plan_id", sa.String(length=36), nullable=False),
        sa.Column("plan_entry_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("no", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed", JSON, nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=True),
        sa.Column("filed_at", MOMENT, nullable=False),
        sa.Column("filed_by", sa.String(length=36), nullable=True),
        sa.Column("filed_by_name", sa.String(length=80), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decided_by_name", sa.String(length=80), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_plan_reports_department_id_departments")
        ),
        *_of_a_plan("plan_reports"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_reports")),
    )
    for table, columns in (
        ("plan_submissions", ("plan_id",)),
        ("plan_changes", ("plan_id", "plan_entry_id")),
        ("plan_reports", ("plan_id", "plan_entry_id")),
    ):
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _of_a_plan(table: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}_{of}"), ondelete="CASCADE"
        )
        for column, of in (("plan_id", "plans"), ("plan_entry_id", "plan_entries"))
    ]


def downgrade() -> None:
    """As it was: rows that are not in the plan would be taken for rows of the plan, so they go."""
    for table in ("plan_reports", "plan_changes", "plan_submissions"):
        op.drop_table(table)
    op.execute("DELETE FROM plan_entries WHERE state <> 'merged'")
    with op.batch_alter_table("plan_entries", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_plan_entries_drafted_by_departments"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_plan_entries_state"))
        for column in ("kind", "state", "state_before", "drafted_by", "published_at", "returned_reason", "record_no",
                       "intake", "removed_with"):  # fmt: skip
            batch_op.drop_column(column)
    with op.batch_alter_table("plans", schema=None) as batch_op:
        for column in ("submit_by", "publish_by", "version", "removed_at"):
            batch_op.drop_column(column)
