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


def downgrade() -> None:
    """Nobody answers any more."""
    op.drop_table("task_contacts")
