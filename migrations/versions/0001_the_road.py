"""the road"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "calendar_years",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_years")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_table(
        "issued_papers",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("short_code", sa.String(length=39), nullable=False),
        sa.Column("token", sa.String(length=43), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("storage_key", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_papers")),
        sa.UniqueConstraint("token", name=op.f("uq_issued_papers_token")),
    )
    with op.batch_alter_table("issued_papers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issued_papers_digest"), ["digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_issued_papers_pdf_sha256"), ["pdf_sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_issued_papers_short_code"), ["short_code"], unique=False)
        batch_op.create_index(
            "ix_issued_papers_subject", ["subject_kind", "subject_id", "kind"], unique=False
        )

    op.create_table(
        "login_failures",
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_failures")),
    )
    with op.batch_alter_table("login_failures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_failures_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_login_failures_username"), ["username"], unique=False)

    op.create_table(
        "owed_works",
        sa.Column("trail_id", sa.String(length=36), nullable=False),
        sa.Column("handler", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owed_works")),
    )
    with op.batch_alter_table("owed_works", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_owed_works_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_owed_works_trail_id"), ["trail_id"], unique=False)

    op.create_table(
        "paper_numbers",
        sa.Column("prefix", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_numbers")),
        sa.UniqueConstraint("prefix", "year", name=op.f("uq_paper_numbers_prefix_year")),
    )
    op.create_table(
        "regions",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("tier", sa.String(length=12), nullable=False),
        sa.Column("parent_id", sa.String(length=12), nullable=True),
        sa.Column("profile", sa.String(length=60), nullable=True),
        sa.Column("made_up", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["regions.id"], name=op.f("fk_regions_parent_id_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regions")),
    )
    op.create_table(
        "server_epochs",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=36), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_server_epochs")),
    )
    op.create_table(
        "trail_entries",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("region_id", sa.String(length=12), nullable=True),
        sa.Column("department_id", sa.String(length=40), nullable=True),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("object_kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("prev", sa.String(length=64), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_entries")),
        sa.UniqueConstraint("position", name=op.f("uq_trail_entries_position")),
    )
    with op.batch_alter_table("trail_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trail_entries_event"), ["event"], unique=False)
        batch_op.create_index(batch_op.f("ix_trail_entries_object_id"), ["object_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_trail_entries_region_id"), ["region_id"], unique=False)

    op.create_table(
        "departments",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("short_name", sa.String(length=40), nullable=False),
        sa.Column("joint_office", sa.Boolean(), nullable=False),
        sa.Column("contact_title", sa.String(length=60), nullable=True),
        sa.Column("contact_phone", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_departments_region_id_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departments")),
    )
    with op.batch_alter_table("departments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_departments_region_id"), ["region_id"], unique=False)

    op.create_table(
        "plans",
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("document_no", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("shifted_from", sa.Integer(), nullable=True),
        sa.Column("source_name", sa.String(length=200), nullable=True),
        sa.Column("source_hash", sa.String(length=64), nullable=True),
        sa.Column("complete_by", sa.Date(), nullable=True),
        sa.Column("problems", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(length=36), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_plans_region_id_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plans_region_id"), ["region_id"], unique=False)

    op.create_table(
        "region_rules",
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("value", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_region_rules_region_id_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_rules")),
        sa.UniqueConstraint(
            "region_id", "key", "valid_from", name=op.f("uq_region_rules_region_id_key_valid_from")
        ),
    )
    op.create_table(
        "subjects",
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("fields", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("tags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("lat_e7", sa.Integer(), nullable=True),
        sa.Column("lon_e7", sa.Integer(), nullable=True),
        sa.Column("legal_representative", sa.String(length=60), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("contact", sa.String(length=60), nullable=True),
        sa.Column("contact_phone", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("risk", sa.String(length=2), nullable=False),
        sa.Column("risk_issuer", sa.String(length=80), nullable=True),
        sa.Column("risk_day", sa.Date(), nullable=True),
        sa.Column("licences", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("responsible_id", sa.String(length=36), nullable=True),
        sa.Column("made_up", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_subjects_region_id_regions")),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["subjects.id"], name=op.f("fk_subjects_responsible_id_subjects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subjects")),
        sa.UniqueConstraint("region_id", "credit_code", name=op.f("uq_subjects_region_id_credit_code")),
    )
    with op.batch_alter_table("subjects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subjects_region_id"), ["region_id"], unique=False)
        batch_op.create_index("ix_subjects_region_name", ["region_id", "name"], unique=False)

    op.create_table(
        "accounts",
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("roles", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("region_id", sa.String(length=12), nullable=True),
        sa.Column("department_id", sa.String(length=40), nullable=True),
        sa.Column("inspector_id", sa.String(length=36), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_accounts_department_id_departments")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_accounts_region_id_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("username", name=op.f("uq_accounts_username")),
    )
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_inspector_id"), ["inspector_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_accounts_region_id"), ["region_id"], unique=False)

    op.create_table(
        "attestations",
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("library", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_attestations_department_id_departments")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_attestations_region_id_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attestations")),
    )
    with op.batch_alter_table("attestations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attestations_department_id"), ["department_id"], unique=False)

    op.create_table(
        "department_aliases",
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["departments.id"],
            name=op.f("fk_department_aliases_department_id_departments"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_department_aliases_region_id_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department_aliases")),
        sa.UniqueConstraint("region_id", "name", name=op.f("uq_department_aliases_region_id_name")),
    )
    op.create_table(
        "inspectors",
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("certificate_no", sa.String(length=40), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("specialities", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("expert", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("recusals", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("made_up", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_inspectors_department_id_departments")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_inspectors_region_id_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspectors")),
        sa.UniqueConstraint(
            "region_id", "certificate_no", name=op.f("uq_inspectors_region_id_certificate_no")
        ),
    )
    with op.batch_alter_table("inspectors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspectors_department_id"), ["department_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspectors_region_id"), ["region_id"], unique=False)

    op.create_table(
        "items",
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("tier", sa.String(length=12), nullable=False),
        sa.Column("category", sa.String(length=12), nullable=True),
        sa.Column("legal_basis", sa.String(), nullable=False),
        sa.Column("joint", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("subject_kinds", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_items_department_id_departments")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_items_region_id_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("region_id", "code", name=op.f("uq_items_region_id_code")),
    )
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_items_department_id"), ["department_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_items_region_id"), ["region_id"], unique=False)

    op.create_table(
        "plan_entries",
        sa.Column("plan_id", sa.String(length=36), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("task_name", sa.String(length=300), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=True),
        sa.Column("initiating_department_id", sa.String(length=40), nullable=True),
        sa.Column(
            "cooperating_department_ids",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("scope_text", sa.String(), nullable=False),
        sa.Column("scope_filter", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("scope_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scope_confirmed_by", sa.String(length=36), nullable=True),
        sa.Column("ratio", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("ratio_raw", sa.String(), nullable=True),
        sa.Column("sample_size", sa.Integer(), nullable=True),
        sa.Column("frequency", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("window_start", sa.Date(), nullable=True),
        sa.Column("window_end", sa.Date(), nullable=True),
        sa.Column("window_raw", sa.String(), nullable=True),
        sa.Column("methods", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("category", sa.String(length=12), nullable=True),
        sa.Column("targeting", sa.String(length=12), nullable=True),
        sa.Column("tier", sa.String(length=12), nullable=True),
        sa.Column("draw_mode", sa.String(length=20), nullable=True),
        sa.Column("risk_policy", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("problems", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("provenance", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiating_department_id"],
            ["departments.id"],
            name=op.f("fk_plan_entries_initiating_department_id_departments"),
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_entries_plan_id_plans")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_entries")),
        sa.UniqueConstraint("plan_id", "order", name=op.f("uq_plan_entries_plan_id_order")),
    )
    with op.batch_alter_table("plan_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_entries_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "subject_history",
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("task_name", sa.String(length=300), nullable=False),
        sa.Column("outcomes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subjects.id"], name=op.f("fk_subject_history_subject_id_subjects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_history")),
    )
    with op.batch_alter_table("subject_history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subject_history_day"), ["day"], unique=False)
        batch_op.create_index(batch_op.f("ix_subject_history_subject_id"), ["subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_subject_history_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "subject_labels",
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject_id"],
            ["subjects.id"],
            name=op.f("fk_subject_labels_subject_id_subjects"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_labels")),
    )
    with op.batch_alter_table("subject_labels", schema=None) as batch_op:
        batch_op.create_index("ix_subject_labels_kind_value", ["kind", "value"], unique=False)
        batch_op.create_index(batch_op.f("ix_subject_labels_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "checklists",
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("entries", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("generic", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_checklists_item_id_items")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklists")),
        sa.UniqueConstraint("item_id", "version", name=op.f("uq_checklists_item_id_version")),
    )
    with op.batch_alter_table("checklists", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checklists_item_id"), ["item_id"], unique=False)

    op.create_table(
        "device_nonces",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_device_nonces_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_nonces")),
    )
    op.create_table(
        "devices",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("public_key", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("recovery_secret", sa.String(length=64), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=36), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_devices_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
    )
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_devices_account_id"), ["account_id"], unique=False)

    op.create_table(
        "plan_entry_items",
        sa.Column("plan_entry_id", sa.String(length=36), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=True),
        sa.Column("match", sa.String(length=12), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_plan_entry_items_department_id_departments")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_plan_entry_items_item_id_items")),
        sa.ForeignKeyConstraint(
            ["plan_entry_id"],
            ["plan_entries.id"],
            name=op.f("fk_plan_entry_items_plan_entry_id_plan_entries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_entry_items")),
    )
    with op.batch_alter_table("plan_entry_items", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_plan_entry_items_plan_entry_id"), ["plan_entry_id"], unique=False
        )

    op.create_table(
        "refresh_tokens",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("family", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_refresh_tokens_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_refresh_tokens_token_hash")),
    )
    with op.batch_alter_table("refresh_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refresh_tokens_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_refresh_tokens_family"), ["family"], unique=False)

    op.create_table(
        "tasks",
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("plan_entry_id", sa.String(length=36), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("periods", sa.Integer(), nullable=False),
        sa.Column("ratio_per", sa.String(length=8), nullable=False),
        sa.Column("no", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("initiating_department_id", sa.String(length=40), nullable=False),
        sa.Column("scope_text", sa.String(), nullable=False),
        sa.Column("scope_filter", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("ratio", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("sample_size", sa.Integer(), nullable=True),
        sa.Column("methods", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("window_start", sa.Date(), nullable=False),
        sa.Column("window_end", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=36), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiating_department_id"],
            ["departments.id"],
            name=op.f("fk_tasks_initiating_department_id_departments"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_entry_id"], ["plan_entries.id"], name=op.f("fk_tasks_plan_entry_id_plan_entries")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_tasks_region_id_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("plan_entry_id", "period", name=op.f("uq_tasks_plan_entry_id_period")),
        sa.UniqueConstraint("region_id", "no", name=op.f("uq_tasks_region_id_no")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tasks_plan_entry_id"), ["plan_entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tasks_region_id"), ["region_id"], unique=False)

    op.create_table(
        "draws",
        sa.Column("task_id", sa.String(length=36), nullable=False),
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("no", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("frozen", sa.Text(), nullable=False),
        sa.Column("rules", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("match", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("counts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("changes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("remarks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("commit", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("commit_hash", sa.String(length=64), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("bundle", sa.Text(), nullable=True),
        sa.Column("public_bundle", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=True),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.String(length=36), nullable=True),
        sa.Column("void_reason", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_draws_region_id_regions")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_draws_task_id_tasks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
        sa.UniqueConstraint("no", name=op.f("uq_draws_no")),
    )
    with op.batch_alter_table("draws", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draws_region_id"), ["region_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_draws_task_id"), ["task_id"], unique=False)

    op.create_table(
        "task_items",
        sa.Column("task_id", sa.String(length=36), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("checklist_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["checklist_id"], ["checklists.id"], name=op.f("fk_task_items_checklist_id_checklists")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_task_items_department_id_departments")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_task_items_item_id_items")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_task_items_task_id_tasks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_items")),
    )
    with op.batch_alter_table("task_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_items_task_id"), ["task_id"], unique=False)

    op.create_table(
        "draw_sources",
        sa.Column("draw_id", sa.String(length=36), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=True),
        sa.Column("commitment", sa.String(length=64), nullable=True),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("typed", sa.String(), nullable=True),
        sa.Column("typed_by", sa.String(length=36), nullable=True),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sa.String(length=36), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_draw_sources_department_id_departments")
        ),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["draws.id"], name=op.f("fk_draw_sources_draw_id_draws"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_sources")),
        sa.UniqueConstraint("draw_id", "name", name=op.f("uq_draw_sources_draw_id_name")),
    )
    with op.batch_alter_table("draw_sources", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draw_sources_draw_id"), ["draw_id"], unique=False)

    op.create_table(
        "drawn_inspectors",
        sa.Column("draw_id", sa.String(length=36), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("inspector_id", sa.String(length=36), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("appointed_reason", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_drawn_inspectors_department_id_departments")
        ),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["draws.id"], name=op.f("fk_drawn_inspectors_draw_id_draws"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["inspector_id"], ["inspectors.id"], name=op.f("fk_drawn_inspectors_inspector_id_inspectors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawn_inspectors")),
        sa.UniqueConstraint(
            "draw_id", "leaf", "inspector_id", name=op.f("uq_drawn_inspectors_draw_id_leaf_inspector_id")
        ),
    )
    with op.batch_alter_table("drawn_inspectors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drawn_inspectors_draw_id"), ["draw_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_drawn_inspectors_inspector_id"), ["inspector_id"], unique=False)

    op.create_table(
        "drawn_subjects",
        sa.Column("draw_id", sa.String(length=36), nullable=False),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("risk", sa.String(length=2), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("ticket", sa.String(length=64), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("joint", sa.Boolean(), nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["draws.id"], name=op.f("fk_drawn_subjects_draw_id_draws"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subjects.id"], name=op.f("fk_drawn_subjects_subject_id_subjects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawn_subjects")),
        sa.UniqueConstraint("draw_id", "leaf", name=op.f("uq_drawn_subjects_draw_id_leaf")),
    )
    with op.batch_alter_table("drawn_subjects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drawn_subjects_draw_id"), ["draw_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_drawn_subjects_drawn_on"), ["drawn_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_drawn_subjects_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "visits",
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("task_id", sa.String(length=36), nullable=False),
        sa.Column("draw_id", sa.String(length=36), nullable=True),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("no", sa.String(length=60), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("subject_leaf", sa.String(length=64), nullable=True),
        sa.Column("leader_id", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scheduled_day", sa.Date(), nullable=True),
        sa.Column("scheduled_time", sa.String(length=20), nullable=True),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_visits_draw_id_draws")),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["inspectors.id"], name=op.f("fk_visits_leader_id_inspectors")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_visits_region_id_regions")),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name=op.f("fk_visits_subject_id_subjects")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_visits_task_id_tasks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint("no", name=op.f("uq_visits_no")),
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visits_region_id"), ["region_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visits_subject_id"), ["subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visits_task_id"), ["task_id"], unique=False)

    op.create_table(
        "bundles",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=60), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=120), nullable=False),
        sa.Column("waiting", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_bundles_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundles")),
    )
    with op.batch_alter_table("bundles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bundles_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "check_notices",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("no", sa.String(length=60), nullable=False),
        sa.Column("papers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=True),
        sa.Column("receiver", sa.String(length=60), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_by", sa.String(length=36), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name=op.f("fk_check_notices_visit_id_visits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_notices")),
        sa.UniqueConstraint("no", name=op.f("uq_check_notices_no")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_check_notices_visit_id")),
    )
    op.create_table(
        "evidence_files",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("mime", sa.String(length=60), nullable=False),
        sa.Column("device_id", sa.String(length=60), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stored_size", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(length=60), nullable=True),
        sa.Column("thumb_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_evidence_files_visit_id_visits")),
        sa.PrimaryKeyConstraint("visit_id", "hash", name=op.f("pk_evidence_files")),
    )
    op.create_table(
        "evidence_uses",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=True),
        sa.Column("operation_id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_evidence_uses_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_uses")),
    )
    with op.batch_alter_table("evidence_uses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_uses_hash"), ["hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_uses_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "logs",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=60), nullable=False),
        sa.Column("accepted_to", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=True),
        sa.Column("last_received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_logs_visit_id_visits")),
        sa.PrimaryKeyConstraint("visit_id", "device_id", name=op.f("pk_logs")),
    )
    op.create_table(
        "operations",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=60), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_operations_visit_id_visits")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_operations")),
        sa.UniqueConstraint(
            "visit_id", "device_id", "seq", name=op.f("uq_operations_visit_id_device_id_seq")
        ),
    )
    with op.batch_alter_table("operations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_operations_id"), ["id"], unique=False)
        batch_op.create_index("ix_operations_visit_position", ["visit_id", "position"], unique=False)

    op.create_table(
        "parts",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("initiating", sa.Boolean(), nullable=False),
        sa.Column("leader_id", sa.String(length=36), nullable=True),
        sa.Column("claim_due", sa.Date(), nullable=False),
        sa.Column("claim_provisional", sa.Boolean(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(length=36), nullable=True),
        sa.Column("compared", sa.String(length=24), nullable=True),
        sa.Column("compare_note", sa.String(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("entry_due", sa.Date(), nullable=True),
        sa.Column("publication_due", sa.Date(), nullable=True),
        sa.Column("limits", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_parts_department_id_departments")
        ),
        sa.ForeignKeyConstraint(["leader_id"], ["inspectors.id"], name=op.f("fk_parts_leader_id_inspectors")),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name=op.f("fk_parts_visit_id_visits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parts")),
        sa.UniqueConstraint("visit_id", "department_id", name=op.f("uq_parts_visit_id_department_id")),
    )
    with op.batch_alter_table("parts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parts_department_id"), ["department_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_parts_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_parts_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "publications",
        sa.Column("region_id", sa.String(length=12), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("subject_name", sa.String(length=200), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(length=36), nullable=True),
        sa.Column("withheld_ground", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_publications_department_id_departments")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_publications_region_id_regions")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_publications_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint(
            "visit_id",
            "department_id",
            "version",
            name=op.f("uq_publications_visit_id_department_id_version"),
        ),
    )
    with op.batch_alter_table("publications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_publications_credit_code"), ["credit_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_publications_region_id"), ["region_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_publications_subject_name"), ["subject_name"], unique=False)
        batch_op.create_index(batch_op.f("ix_publications_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "signed_manifests",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("operation_id", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("parts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("differs", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name=op.f("fk_signed_manifests_visit_id_visits")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_manifests")),
        sa.UniqueConstraint("operation_id", name=op.f("uq_signed_manifests_operation_id")),
    )
    with op.batch_alter_table("signed_manifests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signed_manifests_digest"), ["digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_signed_manifests_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "team_members",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("inspector_id", sa.String(length=36), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_reason", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_team_members_department_id_departments")
        ),
        sa.ForeignKeyConstraint(
            ["inspector_id"], ["inspectors.id"], name=op.f("fk_team_members_inspector_id_inspectors")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name=op.f("fk_team_members_visit_id_visits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_members")),
    )
    with op.batch_alter_table("team_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_members_inspector_id"), ["inspector_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_members_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "todos",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=False),
        sa.Column("inspector_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=True),
        sa.Column("operation_id", sa.String(length=36), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_todos_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_todos")),
    )
    with op.batch_alter_table("todos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_todos_department_id"), ["department_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_todos_inspector_id"), ["inspector_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_todos_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "uploads",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_uploads_visit_id_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_uploads_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_uploads_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_uploads_hash"), ["hash"], unique=False)

    op.create_table(
        "visit_states",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_states_visit_id_visits")),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_visit_states")),
    )
    op.create_table(
        "upload_pieces",
        sa.Column("upload_id", sa.String(length=36), nullable=False),
        sa.Column("start", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name=op.f("fk_upload_pieces_upload_id_uploads"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "start", name=op.f("pk_upload_pieces")),
    )


def downgrade() -> None:

    op.drop_table("upload_pieces")
    op.drop_table("visit_states")
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_uploads_hash"))
        batch_op.drop_index(batch_op.f("ix_uploads_expires_at"))
        batch_op.drop_index(batch_op.f("ix_uploads_account_id"))

    op.drop_table("uploads")
    with op.batch_alter_table("todos", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_todos_visit_id"))
        batch_op.drop_index(batch_op.f("ix_todos_inspector_id"))
        batch_op.drop_index(batch_op.f("ix_todos_department_id"))

    op.drop_table("todos")
    with op.batch_alter_table("team_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_members_visit_id"))
        batch_op.drop_index(batch_op.f("ix_team_members_inspector_id"))

    op.drop_table("team_members")
    with op.batch_alter_table("signed_manifests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signed_manifests_visit_id"))
        batch_op.drop_index(batch_op.f("ix_signed_manifests_digest"))

    op.drop_table("signed_manifests")
    with op.batch_alter_table("publications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_publications_visit_id"))
        batch_op.drop_index(batch_op.f("ix_publications_subject_name"))
        batch_op.drop_index(batch_op.f("ix_publications_region_id"))
        batch_op.drop_index(batch_op.f("ix_publications_credit_code"))

    op.drop_table("publications")
    with op.batch_alter_table("parts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parts_visit_id"))
        batch_op.drop_index(batch_op.f("ix_parts_state"))
        batch_op.drop_index(batch_op.f("ix_parts_department_id"))

    op.drop_table("parts")
    with op.batch_alter_table("operations", schema=None) as batch_op:
        batch_op.drop_index("ix_operations_visit_position")
        batch_op.drop_index(batch_op.f("ix_operations_id"))

    op.drop_table("operations")
    op.drop_table("logs")
    with op.batch_alter_table("evidence_uses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_uses_visit_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_uses_hash"))

    op.drop_table("evidence_uses")
    op.drop_table("evidence_files")
    op.drop_table("check_notices")
    with op.batch_alter_table("bundles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bundles_visit_id"))

    op.drop_table("bundles")
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visits_task_id"))
        batch_op.drop_index(batch_op.f("ix_visits_subject_id"))
        batch_op.drop_index(batch_op.f("ix_visits_region_id"))

    op.drop_table("visits")
    with op.batch_alter_table("drawn_subjects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drawn_subjects_subject_id"))
        batch_op.drop_index(batch_op.f("ix_drawn_subjects_drawn_on"))
        batch_op.drop_index(batch_op.f("ix_drawn_subjects_draw_id"))

    op.drop_table("drawn_subjects")
    with op.batch_alter_table("drawn_inspectors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drawn_inspectors_inspector_id"))
        batch_op.drop_index(batch_op.f("ix_drawn_inspectors_draw_id"))

    op.drop_table("drawn_inspectors")
    with op.batch_alter_table("draw_sources", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draw_sources_draw_id"))

    op.drop_table("draw_sources")
    with op.batch_alter_table("task_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_items_task_id"))

    op.drop_table("task_items")
    with op.batch_alter_table("draws", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draws_task_id"))
        batch_op.drop_index(batch_op.f("ix_draws_region_id"))

    op.drop_table("draws")
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tasks_region_id"))
        batch_op.drop_index(batch_op.f("ix_tasks_plan_entry_id"))

    op.drop_table("tasks")
    with op.batch_alter_table("refresh_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refresh_tokens_family"))
        batch_op.drop_index(batch_op.f("ix_refresh_tokens_account_id"))

    op.drop_table("refresh_tokens")
    with op.batch_alter_table("plan_entry_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_entry_items_plan_entry_id"))

    op.drop_table("plan_entry_items")
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_devices_account_id"))

    op.drop_table("devices")
    op.drop_table("device_nonces")
    with op.batch_alter_table("checklists", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checklists_item_id"))

    op.drop_table("checklists")
    with op.batch_alter_table("subject_labels", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subject_labels_subject_id"))
        batch_op.drop_index("ix_subject_labels_kind_value")

    op.drop_table("subject_labels")
    with op.batch_alter_table("subject_history", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subject_history_visit_id"))
        batch_op.drop_index(batch_op.f("ix_subject_history_subject_id"))
        batch_op.drop_index(batch_op.f("ix_subject_history_day"))

    op.drop_table("subject_history")
    with op.batch_alter_table("plan_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_entries_plan_id"))

    op.drop_table("plan_entries")
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_items_region_id"))
        batch_op.drop_index(batch_op.f("ix_items_department_id"))

    op.drop_table("items")
    with op.batch_alter_table("inspectors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspectors_region_id"))
        batch_op.drop_index(batch_op.f("ix_inspectors_department_id"))

    op.drop_table("inspectors")
    op.drop_table("department_aliases")
    with op.batch_alter_table("attestations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attestations_department_id"))

    op.drop_table("attestations")
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_region_id"))
        batch_op.drop_index(batch_op.f("ix_accounts_inspector_id"))

    op.drop_table("accounts")
    with op.batch_alter_table("subjects", schema=None) as batch_op:
        batch_op.drop_index("ix_subjects_region_name")
        batch_op.drop_index(batch_op.f("ix_subjects_region_id"))

    op.drop_table("subjects")
    op.drop_table("region_rules")
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plans_region_id"))

    op.drop_table("plans")
    with op.batch_alter_table("departments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_departments_region_id"))

    op.drop_table("departments")
    with op.batch_alter_table("trail_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trail_entries_region_id"))
        batch_op.drop_index(batch_op.f("ix_trail_entries_object_id"))
        batch_op.drop_index(batch_op.f("ix_trail_entries_event"))

    op.drop_table("trail_entries")
    op.drop_table("server_epochs")
    op.drop_table("regions")
    op.drop_table("paper_numbers")
    with op.batch_alter_table("owed_works", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_owed_works_trail_id"))
        batch_op.drop_index(batch_op.f("ix_owed_works_state"))

    op.drop_table("owed_works")
    with op.batch_alter_table("login_failures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_failures_username"))
        batch_op.drop_index(batch_op.f("ix_login_failures_at"))

    op.drop_table("login_failures")
    with op.batch_alter_table("issued_papers", schema=None) as batch_op:
        batch_op.drop_index("ix_issued_papers_subject")
        batch_op.drop_index(batch_op.f("ix_issued_papers_short_code"))
        batch_op.drop_index(batch_op.f("ix_issued_papers_pdf_sha256"))
        batch_op.drop_index(batch_op.f("ix_issued_papers_digest"))

    op.drop_table("issued_papers")
    op.drop_table("idempotency_keys")
    op.drop_table("calendar_years")
    op.drop_table("calendar_days")
