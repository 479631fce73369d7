"""First tables"""

import sqlalchemy as sa
from alembic import op

from dispatch.store.tables import Instant, Json

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ports",
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("epoch", sa.String(), nullable=False),
        sa.Column("last_offset", sa.BigInteger(), nullable=False),
        sa.Column("last_planning_offset", sa.BigInteger(), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("lease_generation", sa.Integer(), nullable=False),
        sa.Column("lease_holder", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("port", name=op.f("pk_ports")),
    )
    op.create_table(
        "accounts",
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["port"], ["ports.port"], name=op.f("fk_accounts_port_ports")),
        sa.PrimaryKeyConstraint("port", "name", name=op.f("pk_accounts")),
    )
    op.create_table(
        "answers",
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.ForeignKeyConstraint(["port"], ["ports.port"], name=op.f("fk_answers_port_ports")),
        sa.PrimaryKeyConstraint("port", "account", "key", name=op.f("pk_answers")),
    )
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answers_at"), ["at"], unique=False)

    op.create_table(
        "calls",
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("imo", sa.String(), nullable=False),
        sa.Column("mmsi", sa.String(), nullable=False),
        sa.Column("on_boards", sa.Boolean(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.ForeignKeyConstraint(["port"], ["ports.port"], name=op.f("fk_calls_port_ports")),
        sa.PrimaryKeyConstraint("port", "id", name=op.f("pk_calls")),
    )
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calls_imo"), ["imo"], unique=False)
        batch_op.create_index(batch_op.f("ix_calls_mmsi"), ["mmsi"], unique=False)
        batch_op.create_index(batch_op.f("ix_calls_on_boards"), ["on_boards"], unique=False)

    op.create_table(
        "counters",
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["port"], ["ports.port"], name=op.f("fk_counters_port_ports")),
        sa.PrimaryKeyConstraint("port", "prefix", name=op.f("pk_counters")),
    )
    op.create_table(
        "declarations",
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("on_boards", sa.Boolean(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.ForeignKeyConstraint(["port"], ["ports.port"], name=op.f("fk_declarations_port_ports")),
        sa.PrimaryKeyConstraint("port", "id", name=op.f("pk_declarations")),
    )
    with op.batch_alter_table("declarations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declarations_company"), ["company"], unique=False)

    op.create_table(
        "entities",
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.ForeignKeyConstraint(["port"], ["ports.port"], name=op.f("fk_entities_port_ports")),
        sa.PrimaryKeyConstraint("port", "type", "id", name=op.f("pk_entities")),
    )
    op.create_table(
        "events",
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("movement_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actual_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["port"], ["ports.port"], name=op.f("fk_events_port_ports")),
        sa.PrimaryKeyConstraint("port", "id", name=op.f("pk_events")),
    )
    op.create_table(
        "movements",
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("declaration_id", sa.String(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("actual_end_at", Instant(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("on_boards", sa.Boolean(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.ForeignKeyConstraint(["port"], ["ports.port"], name=op.f("fk_movements_port_ports")),
        sa.PrimaryKeyConstraint("port", "id", name=op.f("pk_movements")),
    )
    with op.batch_alter_table("movements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_movements_call_id"), ["call_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_movements_declaration_id"), ["declaration_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_movements_on_boards"), ["on_boards"], unique=False)

    op.create_table(
        "organisations",
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["port"], ["ports.port"], name=op.f("fk_organisations_port_ports")),
        sa.PrimaryKeyConstraint("port", "id", name=op.f("pk_organisations")),
    )
    op.create_table(
        "outages",
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("resource_id", sa.String(), nullable=False),
        sa.Column("to_at", Instant(), nullable=True),
        sa.Column("on_boards", sa.Boolean(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.ForeignKeyConstraint(["port"], ["ports.port"], name=op.f("fk_outages_port_ports")),
        sa.PrimaryKeyConstraint("port", "id", name=op.f("pk_outages")),
    )
    with op.batch_alter_table("outages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outages_on_boards"), ["on_boards"], unique=False)
        batch_op.create_index(batch_op.f("ix_outages_resource_id"), ["resource_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("planning", sa.Boolean(), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("actor", Json, nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.ForeignKeyConstraint(["port"], ["ports.port"], name=op.f("fk_outbox_port_ports")),
        sa.PrimaryKeyConstraint("port", "offset", name=op.f("pk_outbox")),
    )
    op.create_table(
        "plan_versions",
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("problem_zlib", sa.LargeBinary(), nullable=False),
        sa.Column("outcome_zlib", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["port"], ["ports.port"], name=op.f("fk_plan_versions_port_ports")),
        sa.PrimaryKeyConstraint("port", "version", name=op.f("pk_plan_versions")),
    )
    op.create_table(
        "proposals",
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("on_boards", sa.Boolean(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.ForeignKeyConstraint(["port"], ["ports.port"], name=op.f("fk_proposals_port_ports")),
        sa.PrimaryKeyConstraint("port", "id", name=op.f("pk_proposals")),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposals_state"), ["state"], unique=False)

    op.create_table(
        "resources",
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("on_boards", sa.Boolean(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.ForeignKeyConstraint(["port"], ["ports.port"], name=op.f("fk_resources_port_ports")),
        sa.PrimaryKeyConstraint("port", "id", name=op.f("pk_resources")),
    )
    op.create_table(
        "restrictions",
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("to_at", Instant(), nullable=True),
        sa.Column("on_boards", sa.Boolean(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.ForeignKeyConstraint(["port"], ["ports.port"], name=op.f("fk_restrictions_port_ports")),
        sa.PrimaryKeyConstraint("port", "id", name=op.f("pk_restrictions")),
    )
    with op.batch_alter_table("restrictions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_restrictions_on_boards"), ["on_boards"], unique=False)

    op.create_table(
        "services",
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("movement_id", sa.String(), nullable=False),
        sa.Column("resource_id", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("planned_start_at", Instant(), nullable=False),
        sa.Column("on_boards", sa.Boolean(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.ForeignKeyConstraint(["port"], ["ports.port"], name=op.f("fk_services_port_ports")),
        sa.PrimaryKeyConstraint("port", "id", name=op.f("pk_services")),
    )
    with op.batch_alter_table("services", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_services_movement_id"), ["movement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_services_on_boards"), ["on_boards"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["port"], ["ports.port"], name=op.f("fk_sessions_port_ports")),
        sa.PrimaryKeyConstraint("port", "token_hash", name=op.f("pk_sessions")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_account"), ["account"], unique=False)
        batch_op.create_index(batch_op.f("ix_sessions_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "subjects",
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["port"], ["ports.port"], name=op.f("fk_subjects_port_ports")),
        sa.PrimaryKeyConstraint("port", "type", "id", "offset", name=op.f("pk_subjects")),
    )


def downgrade() -> None:
    op.drop_table("subjects")
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sessions_expires_at"))
        batch_op.drop_index(batch_op.f("ix_sessions_account"))

    op.drop_table("sessions")
    with op.batch_alter_table("services", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_services_on_boards"))
        batch_op.drop_index(batch_op.f("ix_services_movement_id"))

    op.drop_table("services")
    with op.batch_alter_table("restrictions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_restrictions_on_boards"))

    op.drop_table("restrictions")
    op.drop_table("resources")
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposals_state"))

    op.drop_table("proposals")
    op.drop_table("plan_versions")
    op.drop_table("outbox")
    with op.batch_alter_table("outages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outages_resource_id"))
        batch_op.drop_index(batch_op.f("ix_outages_on_boards"))

    op.drop_table("outages")
    op.drop_table("organisations")
    with op.batch_alter_table("movements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_movements_on_boards"))
        batch_op.drop_index(batch_op.f("ix_movements_declaration_id"))
        batch_op.drop_index(batch_op.f("ix_movements_call_id"))

    op.drop_table("movements")
    op.drop_table("events")
    op.drop_table("entities")
    with op.batch_alter_table("declarations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_declarations_company"))

    op.drop_table("declarations")
    op.drop_table("counters")
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calls_on_boards"))
        batch_op.drop_index(batch_op.f("ix_calls_mmsi"))
        batch_op.drop_index(batch_op.f("ix_calls_imo"))

    op.drop_table("calls")
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answers_at"))

    op.drop_table("answers")
    op.drop_table("accounts")
    op.drop_table("ports")
