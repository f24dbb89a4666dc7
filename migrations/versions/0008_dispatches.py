"""dispatches"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who answers for a task in each department."""
    op.create_table(
        "task_contacts",
        sa.Column("task_id", sa.String(length=36), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("responsible", sa.String(length=40), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_task_contacts_department_id_departments")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_task_contacts_task_id_tasks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_contacts")),
        sa.UniqueConstraint("task_id", "department_id", name=op.f("uq_task_contacts_task_id_department_id")),
    )
    with op.batch_alter_table("task_contacts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_contacts_department_id"), ["department_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_contacts_task_id"), ["task_id"], unique=False)

    op.create_table(
        "visit_merges",
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("into_id", sa.String(length=36), nullable=False),
        sa.Column("from_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["visits.id"], name=op.f("fk_visit_merges_from_id_visits")),
        sa.ForeignKeyConstraint(["into_id"], ["visits.id"], name=op.f("fk_visit_merges_into_id_visits")),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_visit_merges_region_id_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_merges")),
        sa.UniqueConstraint("into_id", "from_id", name=op.f("uq_visit_merges_into_id_from_id")),
    )
    with op.batch_alter_table("visit_merges", schema=None) as batch_op:
        for column in ("from_id", "into_id", "region_id", "state"):
            batch_op.create_index(batch_op.f(f"ix_visit_merges_{column}"), [column], unique=False)
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.add_column(sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.String(length=36), nullable=True))
        batch_op.create_index(batch_op.f("ix_visits_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_visits_merged_into_id_visits"), "visits", ["merged_into_id"], ["id"]
        )
    for table in ("parts", "team_members"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("came_with_id", sa.String(length=36), nullable=True))


def downgrade() -> None:
    """Nobody answers any more, and every visit stands by itself."""
    for table in ("parts", "team_members"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("came_with_id")
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_visits_merged_into_id_visits"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_visits_merged_into_id"))
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("begun_at")
    op.drop_table("visit_merges")
    op.drop_table("task_contacts")
