"""libraries"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Single entry, belongings, grades, history and attested parts of the two libraries."""
    with op.batch_alter_table("subjects", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unsuitable_hours", sa.String(length=200), nullable=True))
        batch_op.add_column(
            sa.Column("code_doubtful", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("updated_at", MOMENT, nullable=True))
    with op.batch_alter_table("inspectors", schema=None) as batch_op:
        batch_op.add_column(sa.Column("qualification", sa.String(length=120), nullable=True))
        batch_op.add_column(
            sa.Column("recusal_reasons", JSON, nullable=False, server_default=sa.text("'{}'"))
        )
        batch_op.add_column(sa.Column("left_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("left_reason", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("updated_at", MOMENT, nullable=True))
    op.create_table(
        "subject_belongings",
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("duty", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_subject_belongings_department_id_departments")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subjects.id"], name=op.f("fk_subject_belongings_subject_id_subjects"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_belongings")),
        sa.UniqueConstraint(
            "subject_id", "department_id", "duty", name=op.f("uq_subject_belongings_subject_id_department_id_duty")
        ),
    )  # fmt: skip
    with op.batch_alter_table("subject_belongings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subject_belongings_subject_id"), ["subject_id"], unique=False)
    op.create_table(
        "grade_scales",
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("grades", JSON, nullable=False),
        sa.Column("valid_months", sa.Integer(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_grade_scales_department_id_departments")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_grade_scales_region_id_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_scales")),
        sa.UniqueConstraint("department_id", "name", name=op.f("uq_grade_scales_department_id_name")),
    )  # fmt: skip
    with op.batch_alter_table("grade_scales", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grade_scales_region_id"), ["region_id"], unique=False)
    op.create_table(
        "subject_grades",
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("scale_id", sa.String(length=36), nullable=False),
        sa.Column("grade", sa.String(length=40), nullable=False),
        sa.Column("issuer", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["scale_id"], ["grade_scales.id"], name=op.f("fk_subject_grades_scale_id_grade_scales")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subjects.id"], name=op.f("fk_subject_grades_subject_id_subjects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_grades")),
    )  # fmt: skip
    with op.batch_alter_table("subject_grades", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subject_grades_subject_id"), ["subject_id"], unique=False)
        batch_op.create_index("ix_subject_grades_scale_subject", ["scale_id", "subject_id"], unique=False)
    op.create_table(
        "library_changes",
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("library", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("object_id", sa.String(length=36), nullable=False),
        sa.Column("object_name", sa.String(length=200), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=True),
        sa.Column("departments", JSON, nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("actor_name", sa.String(length=80), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("import_id", sa.String(length=36), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_library_changes_region_id_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_changes")),
    )
    with op.batch_alter_table("library_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_library_changes_object_id"), ["object_id"], unique=False)
        batch_op.create_index(
            "ix_library_changes_region_library_at", ["region_id", "library", "at"], unique=False
        )
    op.create_table(
        "library_parts",
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("library", sa.String(length=12), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("staff_expected", sa.Integer(), nullable=True),
        sa.Column("staff_noted_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_library_parts_department_id_departments")
        ),
        sa.PrimaryKeyConstraint("department_id", "library", name=op.f("pk_library_parts")),
    )


def downgrade() -> None:
    """Back to libraries that only lists fill."""
    for table in ("library_parts", "library_changes", "subject_grades", "grade_scales", "subject_belongings"):
        op.drop_table(table)
    with op.batch_alter_table("inspectors", schema=None) as batch_op:
        for column in ("updated_at", "left_reason", "left_on", "recusal_reasons", "qualification"):
            batch_op.drop_column(column)
    with op.batch_alter_table("subjects", schema=None) as batch_op:
        for column in ("updated_at", "code_doubtful", "unsuitable_hours"):
            batch_op.drop_column(column)
