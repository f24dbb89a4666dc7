"""grade lists"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An import may be of one scale of grades; a grade may have come with an import."""
    with op.batch_alter_table("library_imports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("scale_id", sa.String(length=36), nullable=True))
    with op.batch_alter_table("subject_grades", schema=None) as batch_op:
        batch_op.add_column(sa.Column("import_id", sa.String(length=36), nullable=True))


def downgrade() -> None:
    """The columns go."""
    with op.batch_alter_table("subject_grades", schema=None) as batch_op:
        batch_op.drop_column("import_id")
    with op.batch_alter_table("library_imports", schema=None) as batch_op:
        batch_op.drop_column("scale_id")
