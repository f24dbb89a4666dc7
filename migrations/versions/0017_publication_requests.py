"""publication requests"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who asked to withhold or correct a result, who decided; corrected versions beside the first (S2 art. 22)."""
    op.create_table(
        "publication_requests",
        sa.Column("publication_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=True),
        sa.Column("asked_by_name", sa.String(length=100), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=60), nullable=True),
        sa.Column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("changed_by", sa.String(length=36), nullable=True),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decided_by_name", sa.String(length=100), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name=op.f("fk_publication_requests_publication_id_publications")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_requests")),
    )  # fmt: skip
    op.create_index(
        op.f("ix_publication_requests_publication_id"), "publication_requests", ["publication_id"]
    )
    op.create_index(op.f("ix_publication_requests_state"), "publication_requests", ["state"])
    with op.batch_alter_table("publications") as batch:
        batch.add_column(sa.Column("shown_until", sa.Date(), nullable=True))
        batch.add_column(sa.Column("corrects_id", sa.String(length=36), nullable=True))
        batch.add_column(sa.Column("erratum", sa.Text(), nullable=True))
        batch.create_index(batch.f("ix_publications_corrects_id"), ["corrects_id"])
        batch.create_index("ix_publications_newest", ["state", "published_at", "id"])
        batch.create_foreign_key(
            batch.f("fk_publications_corrects_id_publications"), "publications", ["corrects_id"], ["id"]
        )


def downgrade() -> None:
    """Requests and the links between versions go; every version stays as a result of its own."""
    with op.batch_alter_table("publications") as batch:
        batch.drop_constraint(batch.f("fk_publications_corrects_id_publications"), type_="foreignkey")
        batch.drop_index("ix_publications_newest")
        batch.drop_index(batch.f("ix_publications_corrects_id"))
        batch.drop_column("erratum")
        batch.drop_column("corrects_id")
        batch.drop_column("shown_until")
    op.drop_table("publication_requests")
