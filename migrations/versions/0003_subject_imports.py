"""subject imports"""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# In C a name's beginning is a range of the index, whatever language the database was made for.
TERM = sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """A subject's labels become columns of its own and bitmaps; lists come in by staged imports that can be undone."""
    departments = _departments_by_subject()
    with op.batch_alter_table("subjects", schema=None) as batch_op:
        batch_op.drop_index("ix_subjects_region_id")
        batch_op.drop_index("ix_subjects_region_name")
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("departments", JSON, nullable=False, server_default=sa.text("'[]'")))
        batch_op.add_column(sa.Column("grades", JSON, nullable=False, server_default=sa.text("'[]'")))
        batch_op.add_column(sa.Column("import_id", sa.String(length=36), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute('ALTER TABLE subjects ALTER name TYPE varchar(200) COLLATE "C"')
        op.execute('ALTER TABLE subjects ALTER credit_code TYPE varchar(18) COLLATE "C"')
    op.execute(
        "UPDATE subjects SET number = (SELECT n FROM (SELECT id AS i, row_number() OVER (ORDER BY id) - 1 AS n"
        " FROM subjects) numbered WHERE i = subjects.id)"
    )
    subjects = sa.table("subjects", sa.column("id"), sa.column("departments", JSON))
    for subject_id, ids in departments.items():
        op.get_bind().execute(
            subjects.update().where(subjects.c.id == subject_id).values(departments=sorted(ids))
        )
    with op.batch_alter_table("subjects", schema=None) as batch_op:
        batch_op.alter_column("number", existing_type=sa.Integer(), nullable=False)
        batch_op.create_unique_constraint(op.f("uq_subjects_number"), ["number"])
        batch_op.create_index("ix_subjects_region_name_number", ["region_id", "name", "number"], unique=False)
        batch_op.create_index(
            "ix_subjects_responsible", ["responsible_id"], unique=False,
            sqlite_where=sa.text("responsible_id IS NOT NULL"), postgresql_where=sa.text("responsible_id IS NOT NULL"),
        )  # fmt: skip
    op.drop_table("subject_labels")
    op.create_table(
        "subject_bitmaps",
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("term", TERM, nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("region_id", "term", "block", name=op.f("pk_subject_bitmaps")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "library_imports",
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("library", sa.String(length=12), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=True),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("actor_name", sa.String(length=80), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("made_up", sa.Boolean(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("confirmed_by", sa.String(length=80), nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by", sa.String(length=80), nullable=True),
        sa.Column("purpose", sa.String(length=200), nullable=True),
        sa.Column("headings", JSON, nullable=False),
        sa.Column("mapping", JSON, nullable=False),
        sa.Column("sample", JSON, nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("bytes_read", sa.BigInteger(), nullable=False),
        sa.Column("fault", JSON, nullable=True),
        sa.Column("first_block", sa.Integer(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_library_imports_region_id_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_imports")),
    )
    with op.batch_alter_table("library_imports", schema=None) as batch_op:
        batch_op.create_index(
            "ix_library_imports_region_library", ["region_id", "library", "made_at"], unique=False
        )
    op.create_table(
        "library_import_rows",
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("object_id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["library_imports.id"], name=op.f("fk_library_import_rows_import_id_library_imports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "object_id", name=op.f("pk_library_import_rows")),
    )  # fmt: skip
    with op.batch_alter_table("library_import_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_library_import_rows_object_id"), ["object_id"], unique=False)
    op.create_table(
        "library_headings",
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("library", sa.String(length=12), nullable=False),
        sa.Column("heading", sa.String(length=120), nullable=False),
        sa.Column("meaning", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("owner", "library", "heading", name=op.f("pk_library_headings")),
    )
    with op.batch_alter_table("inspectors", schema=None) as batch_op:
        batch_op.add_column(sa.Column("import_id", sa.String(length=36), nullable=True))


def _departments_by_subject() -> dict[str, set[str]]:
    labels = sa.table("subject_labels", sa.column("subject_id"), sa.column("kind"), sa.column("value"))
    found: dict[str, set[str]] = {}
    for subject_id, value in op.get_bind().execute(
        sa.select(labels.c.subject_id, labels.c.value).where(labels.c.kind == "department")
    ):
        found.setdefault(subject_id, set()).add(value)
    return found


def downgrade() -> None:
    """Back to a row per label."""
    subjects = sa.table(
        "subjects", sa.column("id"), sa.column("fields", JSON), sa.column("tags", JSON),
        sa.column("licences", JSON), sa.column("departments", JSON),
    )  # fmt: skip
    kept = op.get_bind().execute(sa.select(subjects)).all()
    with op.batch_alter_table("inspectors", schema=None) as batch_op:
        batch_op.drop_column("import_id")
    for table in ("library_headings", "library_import_rows", "library_imports", "subject_bitmaps"):
        op.drop_table(table)
    labels = op.create_table(
        "subject_labels",
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subjects.id"], name=op.f("fk_subject_labels_subject_id_subjects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_labels")),
    )  # fmt: skip
    with op.batch_alter_table("subject_labels", schema=None) as batch_op:
        batch_op.create_index("ix_subject_labels_kind_value", ["kind", "value"], unique=False)
        batch_op.create_index(batch_op.f("ix_subject_labels_subject_id"), ["subject_id"], unique=False)
    rows = [
        {"id": f"{one.id[:24]}{at:012d}", "subject_id": one.id, "kind": kind, "value": value}
        for one in kept
        for at, (kind, value) in enumerate(_labels(one))
    ]
    if rows:
        op.bulk_insert(labels, rows)
    with op.batch_alter_table("subjects", schema=None) as batch_op:
        batch_op.drop_index("ix_subjects_responsible")
        batch_op.drop_index("ix_subjects_region_name_number")
        batch_op.drop_constraint(op.f("uq_subjects_number"), type_="unique")
        for column in ("import_id", "grades", "departments", "number"):
            batch_op.drop_column(column)
        batch_op.create_index("ix_subjects_region_id", ["region_id"], unique=False)
        batch_op.create_index("ix_subjects_region_name", ["region_id", "name"], unique=False)


def _labels(one: sa.Row) -> list[tuple[str, str]]:
    def values(given: object) -> list:
        return json.loads(given) if isinstance(given, str) else list(given or ())

    return [
        *(("field", value) for value in values(one.fields)),
        *(("tag", value) for value in values(one.tags)),
        *(("licence", value["name"]) for value in values(one.licences)),
        *(("department", value) for value in values(one.departments)),
    ]
