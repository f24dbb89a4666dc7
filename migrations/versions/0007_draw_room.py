"""draw room"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
MOMENT = sa.DateTime(timezone=True)
ID = sa.String(length=36)


def upgrade() -> None:
    """Kinds and orders of draws, what follows a draw, caps, neighbours."""
    _draws()
    _after_the_draw()
    _before_the_draw()


def downgrade() -> None:
    """The draw as it was."""
    for table in TABLES:
        op.drop_table(table)
    with op.batch_alter_table("drawn_inspectors") as batch:
        for column in ("chosen_in", "left_at", "left_cause", "stands_in_for"):
            batch.drop_column(column)
    with op.batch_alter_table("drawn_subjects") as batch:
        batch.add_column(sa.Column("proof", sa.Text(), nullable=False, server_default=""))
        for column in ("waived_at", "waived_by", "waived_reason"):
            batch.drop_column(column)
    _unpack()
    with op.batch_alter_table("draws") as batch:
        batch.drop_index("ix_draws_subjects_draw_id")
        batch.drop_constraint("fk_draws_subjects_draw_id_draws", type_="foreignkey")
        batch.drop_constraint("fk_draws_rests_on_id_draws", type_="foreignkey")
        for column in ("order", "subjects_draw_id", "rests_on_id", "shown", "origin"):
            batch.drop_column(column)


TABLES = (
    "neighbour_departments",
    "cap_overrides",
    "check_caps",
    "draw_openings",
    "draw_assistants",
    "draw_replacements",
)


def _draws() -> None:
    with op.batch_alter_table("draws") as batch:
        batch.add_column(sa.Column("order", sa.String(length=20), nullable=False, server_default="together"))
        batch.add_column(sa.Column("subjects_draw_id", ID, nullable=True))
        batch.add_column(sa.Column("rests_on_id", ID, nullable=True))
        batch.add_column(sa.Column("shown", JSON, nullable=True))
        batch.add_column(sa.Column("origin", JSON, nullable=True))
        batch.create_foreign_key("fk_draws_subjects_draw_id_draws", "draws", ["subjects_draw_id"], ["id"])
        batch.create_foreign_key("fk_draws_rests_on_id_draws", "draws", ["rests_on_id"], ["id"])
        batch.create_index("ix_draws_subjects_draw_id", ["subjects_draw_id"])
    _pack()
    with op.batch_alter_table("drawn_subjects") as batch:
        batch.drop_column("proof")
        batch.add_column(sa.Column("waived_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("waived_by", ID, nullable=True))
        batch.add_column(sa.Column("waived_reason", sa.String(), nullable=True))
    with op.batch_alter_table("drawn_inspectors") as batch:
        batch.add_column(sa.Column("chosen_in", ID, nullable=True))
        batch.add_column(sa.Column("left_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("left_cause", sa.String(length=20), nullable=True))
        batch.add_column(sa.Column("stands_in_for", ID, nullable=True))


def _pack() -> None:
    """What was frozen becomes bytes: its text as it stands, which pool_of still reads; new draws pack it."""
    with op.batch_alter_table("draws") as batch:
        batch.alter_column(
            "frozen", existing_type=sa.Text(), type_=sa.LargeBinary(), existing_nullable=False,
            postgresql_using="convert_to(frozen, 'UTF8')",
        )  # fmt: skip


def _unpack() -> None:
    """Packed lists have no text that the earlier version could read, so nothing is taken back while there are any."""
    draws = sa.table("draws", sa.column("no"), sa.column("frozen"))
    first = sa.func.substr(draws.c.frozen, 1, 1)
    packed = sa.select(draws.c.no).where(first == sa.literal(b"[", sa.LargeBinary())).limit(1)
    if (no := op.get_bind().scalar(packed)) is not None:
        raise RuntimeError(f"draw {no} was frozen by this version; the earlier one could not read it")
    with op.batch_alter_table("draws") as batch:
        batch.alter_column(
            "frozen", existing_type=sa.LargeBinary(), type_=sa.Text(), existing_nullable=False,
            postgresql_using="convert_from(frozen, 'UTF8')",
        )  # fmt: skip


def _to(table: str, column: str, other: str, **more: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}", **more)


def _after_the_draw() -> None:
    op.create_table(
        "draw_replacements",
        sa.Column("draw_id", ID, nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("out_id", ID, nullable=False),
        sa.Column("in_id", ID, nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        *_asked(),
        sa.Column("id", ID, nullable=False),
        _to("draw_replacements", "draw_id", "draws", ondelete="CASCADE"),
        _to("draw_replacements", "department_id", "departments"),
        _to("draw_replacements", "out_id", "inspectors"),
        _to("draw_replacements", "in_id", "inspectors"),
        sa.PrimaryKeyConstraint("id", name="pk_draw_replacements"),
    )
    op.create_index("ix_draw_replacements_draw_id", "draw_replacements", ["draw_id"])
    op.create_index("ix_draw_replacements_department_id", "draw_replacements", ["department_id"])
    op.create_table(
        "draw_assistants",
        sa.Column("draw_id", ID, nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=True),
        sa.Column("speciality", sa.String(length=60), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by", ID, nullable=True),
        sa.Column("id", ID, nullable=False),
        _to("draw_assistants", "draw_id", "draws", ondelete="CASCADE"),
        _to("draw_assistants", "department_id", "departments"),
        sa.PrimaryKeyConstraint("id", name="pk_draw_assistants"),
    )
    op.create_index("ix_draw_assistants_draw_id", "draw_assistants", ["draw_id"])
    op.create_table(
        "draw_openings",
        sa.Column("draw_id", ID, nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("id", ID, nullable=False),
        _to("draw_openings", "draw_id", "draws", ondelete="CASCADE"),
        _to("draw_openings", "department_id", "departments"),
        sa.PrimaryKeyConstraint("id", name="pk_draw_openings"),
        sa.UniqueConstraint("draw_id", "department_id", name="uq_draw_openings_draw_id_department_id"),
    )
    op.create_index("ix_draw_openings_draw_id", "draw_openings", ["draw_id"])


def _asked() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by", ID, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
    )


def _before_the_draw() -> None:
    op.create_table(
        "check_caps",
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("set_by", ID, nullable=True),
        sa.Column("id", ID, nullable=False),
        _to("check_caps", "department_id", "departments"),
        sa.PrimaryKeyConstraint("id", name="pk_check_caps"),
    )
    op.create_index("ix_check_caps_department_id", "check_caps", ["department_id"])
    op.create_table(
        "cap_overrides",
        sa.Column("task_id", ID, nullable=False),
        sa.Column("cap", sa.String(length=20), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        *_asked(),
        sa.Column("id", ID, nullable=False),
        _to("cap_overrides", "task_id", "tasks", ondelete="CASCADE"),
        _to("cap_overrides", "department_id", "departments"),
        sa.PrimaryKeyConstraint("id", name="pk_cap_overrides"),
    )
    op.create_index("ix_cap_overrides_task_id", "cap_overrides", ["task_id"])
    op.create_table(
        "neighbour_departments",
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("neighbour_id", sa.String(length=40), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("declared_at", MOMENT, nullable=False),
        sa.Column("declared_by", ID, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("id", ID, nullable=False),
        _to("neighbour_departments", "department_id", "departments"),
        _to("neighbour_departments", "neighbour_id", "departments"),
        sa.PrimaryKeyConstraint("id", name="pk_neighbour_departments"),
    )
    op.create_index("ix_neighbour_departments_department_id", "neighbour_departments", ["department_id"])
