"""preparation"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    """Schemes with their versions and answers; calendars accepted as a whole."""
    op.create_table(
        "task_schemes",
        sa.Column("task_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_words(),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_task_schemes_task_id_tasks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_schemes")),
        sa.UniqueConstraint("task_id", name=op.f("uq_task_schemes_task_id")),
    )
    op.create_table(
        "task_scheme_versions",
        sa.Column("scheme_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_words(),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("answer_due", sa.Date(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.String(length=36), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["scheme_id"],
            ["task_schemes.id"],
            name=op.f("fk_task_scheme_versions_scheme_id_task_schemes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_scheme_versions")),
        sa.UniqueConstraint("scheme_id", "version", name=op.f("uq_task_scheme_versions_scheme_id_version")),
    )
    op.create_table(
        "task_scheme_answers",
        sa.Column("scheme_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("reply", sa.String(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["departments.id"],
            name=op.f("fk_task_scheme_answers_department_id_departments"),
        ),
        sa.ForeignKeyConstraint(
            ["scheme_id"],
            ["task_schemes.id"],
            name=op.f("fk_task_scheme_answers_scheme_id_task_schemes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_scheme_answers")),
        sa.UniqueConstraint(
            "scheme_id",
            "version",
            "department_id",
            name=op.f("uq_task_scheme_answers_scheme_id_version_department_id"),
        ),
    )
    for table in ("task_scheme_versions", "task_scheme_answers"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f"ix_{table}_scheme_id"), ["scheme_id"], unique=False)
    op.create_table(
        "schedule_batches",
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("lines", JSON, nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_by", sa.String(length=36), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_schedule_batches_region_id_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_batches")),
    )
    with op.batch_alter_table("schedule_batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_schedule_batches_region_id"), ["region_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_schedule_batches_accepted_by"), ["accepted_by"], unique=False)
    _notices()


def _words() -> list[sa.Column]:
    return [
        sa.Column(name, sa.String(), nullable=False)
        for name in ("content", "times", "methods", "requirements")
    ]


def downgrade() -> None:
    """No scheme is on record, no calendar can be taken back."""
    _no_notices()
    op.drop_table("schedule_batches")
    op.drop_table("task_scheme_answers")
    op.drop_table("task_scheme_versions")
    op.drop_table("task_schemes")


def _notices() -> None:
    """Versions of a notice with their receipts, proposals of another time, corrections offered to the library."""
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("unannounced_items", JSON, nullable=False, server_default=sa.text("'[]'"))
        )
    with op.batch_alter_table("check_notices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("content", JSON, nullable=False, server_default=sa.text("'{}'")))
        batch_op.add_column(sa.Column("earlier", JSON, nullable=False, server_default=sa.text("'[]'")))
        batch_op.add_column(sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("read_by", sa.String(length=30), nullable=True))
    op.create_table(
        "notice_proposals",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("slots", JSON, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=200), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name=op.f("fk_notice_proposals_visit_id_visits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_proposals")),
    )
    op.create_table(
        "subject_corrections",
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=True),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.Column("source_id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("column", sa.String(length=40), nullable=True),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("found", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("answer", sa.String(length=200), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_subject_corrections_region_id_regions")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subjects.id"], name=op.f("fk_subject_corrections_subject_id_subjects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_corrections")),
        sa.UniqueConstraint(
            "source_id",
            "department_id",
            "key",
            name=op.f("uq_subject_corrections_source_id_department_id_key"),
        ),
    )
    with op.batch_alter_table("notice_proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_proposals_visit_id"), ["visit_id"], unique=False)
    with op.batch_alter_table("subject_corrections", schema=None) as batch_op:
        for column in ("region_id", "subject_id", "state"):
            batch_op.create_index(batch_op.f(f"ix_subject_corrections_{column}"), [column], unique=False)


def _no_notices() -> None:
    """A notice is what it says now; nobody proposes, nothing is offered."""
    op.drop_table("subject_corrections")
    op.drop_table("notice_proposals")
    with op.batch_alter_table("check_notices", schema=None) as batch_op:
        for column in ("read_by", "read_at", "earlier", "content", "version"):
            batch_op.drop_column(column)
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_column("unannounced_items")
