"""plan reading"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from onevisit.core.db import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    """Tables between a file and its plan, what was taught, and the schemes of a plan."""
    op.create_table(
        "plan_readings",
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("rows_all", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("sheets", JSON, nullable=False),
        sa.Column("said", JSON, nullable=True),
        sa.Column("refusal", JSON, nullable=True),
        sa.Column("plan_id", sa.String(length=36), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=True),
        sa.Column("by_name", sa.String(length=80), nullable=False),
        *_own("plan_readings", revised=True),
        _to("plan_readings", "region_id", "regions"),
    )
    op.create_table(
        "plan_reading_pages",
        sa.Column("plan_reading_id", sa.String(length=36), nullable=False),
        sa.Column("sheet", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("rows", JSON, nullable=False),
        *_own("plan_reading_pages"),
        _to("plan_reading_pages", "plan_reading_id", "plan_readings", "CASCADE"),
        sa.UniqueConstraint(
            "plan_reading_id", "sheet", "page", name=op.f("uq_plan_reading_pages_plan_reading_id_sheet_page")
        ),
    )
    op.create_table(
        "plan_answers",
        sa.Column("plan_reading_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("anchor", sa.String(length=160), nullable=False),
        sa.Column("fact", sa.String(length=40), nullable=False),
        sa.Column("raw", sa.String(), nullable=False),
        sa.Column("value", JSON, nullable=True),
        sa.Column("correction_id", sa.String(length=36), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_name", sa.String(length=80), nullable=False),
        *_own("plan_answers"),
        _to("plan_answers", "plan_reading_id", "plan_readings", "CASCADE"),
    )
    op.create_table(
        "plan_corrections",
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("fact", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("raw", sa.String(), nullable=False),
        sa.Column("value", JSON, nullable=True),
        sa.Column("value_words", sa.String(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=True),
        sa.Column("by_name", sa.String(length=80), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("revoked_by", sa.String(length=36), nullable=True),
        *_own("plan_corrections"),
        _to("plan_corrections", "region_id", "regions"),
    )
    op.create_table(
        "plan_schemes",
        sa.Column("plan_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ground", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=True),
        sa.Column("by_name", sa.String(length=80), nullable=False),
        *_own("plan_schemes", revised=True),
        _to("plan_schemes", "plan_id", "plans", "CASCADE"),
    )
    op.create_table(
        "plan_scheme_entries",
        sa.Column("plan_scheme_id", sa.String(length=36), nullable=False),
        sa.Column("plan_entry_id", sa.String(length=36), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("scope_filter", JSON, nullable=False),
        *_own("plan_scheme_entries"),
        _to("plan_scheme_entries", "plan_scheme_id", "plan_schemes", "CASCADE"),
        _to("plan_scheme_entries", "plan_entry_id", "plan_entries", "CASCADE"),
        sa.UniqueConstraint(
            "plan_scheme_id",
            "plan_entry_id",
            name=op.f("uq_plan_scheme_entries_plan_scheme_id_plan_entry_id"),
        ),
    )
    for table, column in (
        ("plan_readings", "region_id"),
        ("plan_answers", "plan_reading_id"),
        ("plan_schemes", "plan_id"),
        ("plan_scheme_entries", "plan_scheme_id"),
        ("plan_scheme_entries", "plan_entry_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_index("ix_plan_corrections_region_kind", "plan_corrections", ["region_id", "kind"])


def _own(table: str, revised: bool = False) -> list[sa.Column | sa.PrimaryKeyConstraint]:
    columns = [sa.Column("revision", sa.Integer(), nullable=False)] if revised else []
    return [
        sa.Column("id", sa.String(length=36), nullable=False), *columns,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]  # fmt: skip


def _to(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    """Take them away again, the dependent ones first."""
    for table in ("plan_scheme_entries", "plan_schemes", "plan_corrections", "plan_answers", "plan_reading_pages",
                  "plan_readings"):  # fmt: skip
        op.drop_table(table)
