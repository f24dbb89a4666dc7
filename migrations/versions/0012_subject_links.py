"""subject links"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A confirmation offered on the subject's own phone: bound to what he reads, to half an hour and to one browser."""
    op.create_table(
        "subject_links",
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("signer_name", sa.String(length=50), nullable=False),
        sa.Column("signer_role", sa.String(length=40), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("operation_id", sa.String(length=36), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_subject_links_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_links")),
    )
    with op.batch_alter_table("subject_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subject_links_visit_id"), ["visit_id"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_subject_links_token_hash"), ["token_hash"])


def downgrade() -> None:
    """Links go; what was signed by them stands in the record."""
    op.drop_table("subject_links")
