"""items: who checks together, the register of legal bases, drafts, history; a version never changes"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("items") as batch:
        batch.add_column(sa.Column("inspecting_body", sa.String(200), nullable=False, server_default=""))
        batch.add_column(sa.Column("superior_code", sa.String(60), nullable=False, server_default=""))
        batch.add_column(sa.Column("joint_with", JSON, nullable=False, server_default="[]"))
        batch.add_column(sa.Column("speciality", sa.String(60), nullable=True))
    with op.batch_alter_table("checklists") as batch:
        batch.add_column(sa.Column("made_by", sa.String(36), nullable=True))
        batch.add_column(sa.Column("made_by_name", sa.String(80), nullable=False, server_default=""))
        batch.add_column(sa.Column("note", sa.String(300), nullable=False, server_default=""))
    op.create_table(
        "legal_bases",
        sa.Column("region_id", sa.String(12), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("article", sa.String(40), nullable=False),
        sa.Column("version", sa.String(80), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("replaced_by", sa.String(200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(80), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_legal_bases_region_id_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_bases")),
        sa.UniqueConstraint(
            "region_id", "title", "article", name=op.f("uq_legal_bases_region_id_title_article")
        ),
    )
    op.create_table(
        "basis_uses",
        sa.Column("basis_id", sa.String(36), nullable=False),
        sa.Column("item_id", sa.String(36), nullable=False),
        sa.Column("entry", sa.String(40), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.ForeignKeyConstraint(
            ["basis_id"], ["legal_bases.id"], name=op.f("fk_basis_uses_basis_id_legal_bases")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_basis_uses_item_id_items")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_basis_uses")),
        sa.UniqueConstraint(
            "item_id", "entry", "basis_id", name=op.f("uq_basis_uses_item_id_entry_basis_id")
        ),
    )
    op.create_index(op.f("ix_basis_uses_basis_id"), "basis_uses", ["basis_id"])
    op.create_table(
        "basis_reviews",
        sa.Column("basis_id", sa.String(36), nullable=False),
        sa.Column("item_id", sa.String(36), nullable=False),
        sa.Column("basis_revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(80), nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.ForeignKeyConstraint(
            ["basis_id"], ["legal_bases.id"], name=op.f("fk_basis_reviews_basis_id_legal_bases")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_basis_reviews_item_id_items")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_basis_reviews")),
        sa.UniqueConstraint("item_id", "basis_id", name=op.f("uq_basis_reviews_item_id_basis_id")),
    )
    op.create_table(
        "checklist_drafts",
        sa.Column("item_id", sa.String(36), nullable=False),
        sa.Column("entries", JSON, nullable=False),
        sa.Column("from_version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.String(36), nullable=True),
        sa.Column("saved_by_name", sa.String(80), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_checklist_drafts_item_id_items")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_checklist_drafts")),
    )
    op.create_table(
        "item_changes",
        sa.Column("item_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(80), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_changes_item_id_items")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_changes")),
    )
    op.create_index(op.f("ix_item_changes_item_id"), "item_changes", ["item_id"])
    _fix_versions()


# A version in use never changes (process.md 1): visits and signed manifests name it by its hash. The database says so
# too, for every way in that is not ours.
def _fix_versions() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER checklists_never_change BEFORE UPDATE OF item_id, version, hash, entries ON checklists "
            "BEGIN SELECT RAISE(ABORT, 'a checklist version never changes'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION checklists_never_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a checklist version never changes'; END $$"
    )
    op.execute(
        "CREATE TRIGGER checklists_never_change BEFORE UPDATE OF item_id, version, hash, entries ON checklists "
        "FOR EACH ROW EXECUTE FUNCTION checklists_never_change()"
    )


def downgrade() -> None:
    op.execute(
        "DROP TRIGGER checklists_never_change"
        + ("" if op.get_bind().dialect.name == "sqlite" else " ON checklists")
    )
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION checklists_never_change()")
    for table in ("item_changes", "checklist_drafts", "basis_reviews", "basis_uses", "legal_bases"):
        op.drop_table(table)
    with op.batch_alter_table("checklists") as batch:
        for column in ("note", "made_by_name", "made_by"):
            batch.drop_column(column)
    with op.batch_alter_table("items") as batch:
        for column in ("speciality", "joint_with", "superior_code", "inspecting_body"):
            batch.drop_column(column)
