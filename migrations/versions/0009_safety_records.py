"""Keep warning signs, when a call for help went up, and what staff write about it."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incident_record",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("group_session_id", sa.String(length=32), nullable=False),
        sa.Column("alert_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("happened", sa.Text(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "settled",
                "rested",
                "left",
                "call_back",
                "urgent",
                "emergency",
                name="incident_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_incident_record_version_from_1")),
        sa.ForeignKeyConstraint(["alert_id"], ["help_alert.id"], name=op.f("fk_incident_record_alert_id_help_alert")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_incident_record_by_person")),
        sa.ForeignKeyConstraint(
            ["group_session_id"], ["group_session.id"], name=op.f("fk_incident_record_group_session_id_group_session")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_incident_record_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_record")),
        sa.UniqueConstraint("alert_id", "version", name=op.f("uq_incident_record_alert_id_version")),
    )
    with op.batch_alter_table("incident_record", schema=None) as batch_op:
        for name in ("alert_id", "group_session_id", "service_id"):
            batch_op.create_index(batch_op.f(f"ix_incident_record_{name}"), [name], unique=False)
    with op.batch_alter_table("help_alert", schema=None) as batch_op:
        batch_op.add_column(sa.Column("escalated_at", backtolife.database.session.UTCDateTime(), nullable=True))
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("flags", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_column("flags")
    with op.batch_alter_table("help_alert", schema=None) as batch_op:
        batch_op.drop_column("escalated_at")
    with op.batch_alter_table("incident_record", schema=None) as batch_op:
        for name in ("service_id", "group_session_id", "alert_id"):
            batch_op.drop_index(batch_op.f(f"ix_incident_record_{name}"))
    op.drop_table("incident_record")
