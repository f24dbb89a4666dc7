"""errata"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What the department says in public of a correction, apart from what the subject wrote (S2 art. 22)."""
    op.add_column("publication_requests", sa.Column("erratum", sa.Text(), nullable=True))


def downgrade() -> None:
    """Corrections that were signed keep their statement with the result."""
    with op.batch_alter_table("publication_requests") as batch:
        batch.drop_column("erratum")
