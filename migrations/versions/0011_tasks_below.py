"""tasks below"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    """A task may be carried out by the regions below: drawn here and checked there, or drawn and checked in each."""
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parent_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("handing", sa.String(length=8), nullable=False, server_default="own"))
        batch_op.add_column(sa.Column("below", JSON, nullable=True))
        batch_op.create_index(batch_op.f("ix_tasks_parent_id"), ["parent_id"], unique=False)


def downgrade() -> None:
    """The columns go; tasks handed down stay in their regions as tasks of their own."""
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tasks_parent_id"))
        batch_op.drop_column("below")
        batch_op.drop_column("handing")
        batch_op.drop_column("parent_id")
