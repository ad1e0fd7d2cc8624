"""Make the tables of outcomes."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adopted_instrument",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("instrument", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("instrument_hash", sa.String(length=64), nullable=False),
        sa.Column("wording", sa.String(length=120), nullable=False),
        sa.Column("wording_version", sa.String(length=20), nullable=False),
        sa.Column("wording_hash", sa.String(length=64), nullable=False),
        sa.Column("in_house", sa.Boolean(), nullable=False),
        sa.Column("adopted_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("signed_by", sa.String(length=32), nullable=True),
        sa.Column("signed_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(signed_by IS NULL) = (signed_at IS NULL)", name=op.f("ck_adopted_instrument_signed_by_and_when")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_adopted_instrument_service_id_service")),
        sa.ForeignKeyConstraint(["signed_by"], ["person.id"], name=op.f("fk_adopted_instrument_signed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adopted_instrument")),
        sa.UniqueConstraint(
            "service_id",
            "instrument",
            "instrument_hash",
            "wording_hash",
            name=op.f("uq_adopted_instrument_service_id_instrument_instrument_hash_wording_hash"),
        ),
    )
    with op.batch_alter_table("adopted_instrument", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adopted_instrument_service_id"), ["service_id"], unique=False)

    op.create_table(
        "instrument_response",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=False),
        sa.Column("milestone_id", sa.String(length=40), nullable=False),
        sa.Column("instrument", sa.String(length=40), nullable=False),
        sa.Column("adopted_id", sa.String(length=32), nullable=False),
        sa.Column("opened_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("started_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.Column("completed_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.Column(
            "mode",
            sa.Enum(
                "self", "telephone", "paper", name="response_mode", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("entered_by", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "mode = 'self' OR entered_by IS NOT NULL", name=op.f("ck_instrument_response_staff_entry_names_who")
        ),
        sa.CheckConstraint(
            "completed_at IS NULL OR started_at IS NOT NULL",
            name=op.f("ck_instrument_response_started_before_completed"),
        ),
        sa.ForeignKeyConstraint(
            ["adopted_id"], ["adopted_instrument.id"], name=op.f("fk_instrument_response_adopted_id_adopted_instrument")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_instrument_response_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_instrument_response_entered_by_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_instrument_response_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument_response")),
        sa.UniqueConstraint(
            "enrolment_id",
            "milestone_id",
            "instrument",
            name=op.f("uq_instrument_response_enrolment_id_milestone_id_instrument"),
        ),
    )
    with op.batch_alter_table("instrument_response", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instrument_response_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_instrument_response_service_id"), ["service_id"], unique=False)

    op.create_table(
        "answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("response_id", sa.String(length=32), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answered_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("client_key", sa.String(length=64), nullable=False),
        sa.CheckConstraint("value IS NULL OR words = ''", name=op.f("ck_answer_number_or_words")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["instrument_response.id"], name=op.f("fk_answer_response_id_instrument_response")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_answer_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("response_id", "item", name=op.f("uq_answer_response_id_item")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_response_id"), ["response_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_service_id"), ["service_id"], unique=False)

    op.create_table(
        "given_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("response_id", sa.String(length=32), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("client_key", sa.String(length=64), nullable=False),
        sa.Column("answered_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("arrived_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"], ["instrument_response.id"], name=op.f("fk_given_answer_response_id_instrument_response")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_given_answer_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_answer")),
        sa.UniqueConstraint("response_id", "client_key", name=op.f("uq_given_answer_response_id_client_key")),
    )
    with op.batch_alter_table("given_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_given_answer_response_id"), ["response_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_given_answer_service_id"), ["service_id"], unique=False)

    op.create_table(
        "safety_task",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=False),
        sa.Column("response_id", sa.String(length=32), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "urgent",
                "same_day",
                "unanswered",
                name="task_level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("highest", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("backup_id", sa.String(length=32), nullable=True),
        sa.Column("raised_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("due_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("promised_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("escalates_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("escalated_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("new", "taken", "done", name="task_state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("acknowledged_by", sa.String(length=32), nullable=True),
        sa.Column("acknowledged_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("gp_informed", sa.Boolean(), nullable=True),
        sa.Column("closed_by", sa.String(length=32), nullable=True),
        sa.Column("closed_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.CheckConstraint("(state = 'done') = (closed_at IS NOT NULL)", name=op.f("ck_safety_task_done_is_closed")),
        sa.CheckConstraint(
            "state <> 'done' OR (closed_by IS NOT NULL AND contact <> '')",
            name=op.f("ck_safety_task_closed_with_a_note"),
        ),
        sa.CheckConstraint(
            "state = 'new' OR acknowledged_by IS NOT NULL", name=op.f("ck_safety_task_taken_by_someone")
        ),
        sa.CheckConstraint(
            "(acknowledged_by IS NULL) = (acknowledged_at IS NULL)", name=op.f("ck_safety_task_taken_by_and_when")
        ),
        sa.CheckConstraint("owner_id <> backup_id", name=op.f("ck_safety_task_backup_is_another_person")),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["person.id"], name=op.f("fk_safety_task_acknowledged_by_person")),
        sa.ForeignKeyConstraint(["backup_id"], ["person.id"], name=op.f("fk_safety_task_backup_id_person")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_safety_task_closed_by_person")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_safety_task_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_safety_task_owner_id_person")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["instrument_response.id"], name=op.f("fk_safety_task_response_id_instrument_response")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_safety_task_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_task")),
    )
    with op.batch_alter_table("safety_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_safety_task_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_safety_task_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_safety_task_escalates_at"), ["escalates_at"], unique=False)
        batch_op.create_index(
            "ix_safety_task_one_open",
            ["response_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'done'"),
            postgresql_where=sa.text("state <> 'done'"),
        )
        batch_op.create_index(batch_op.f("ix_safety_task_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_safety_task_service_id"), ["service_id"], unique=False)

    op.create_table(
        "score",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("response_id", sa.String(length=32), nullable=False),
        sa.Column("scale", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("band", sa.String(length=40), nullable=True),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("scored_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.CheckConstraint("missing >= 0", name=op.f("ck_score_missing_is_a_count")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["instrument_response.id"], name=op.f("fk_score_response_id_instrument_response")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_score_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
        sa.UniqueConstraint("response_id", "scale", name=op.f("uq_score_response_id_scale")),
    )
    with op.batch_alter_table("score", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_score_response_id"), ["response_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_score_service_id"), ["service_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("score", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_score_service_id"))
        batch_op.drop_index(batch_op.f("ix_score_response_id"))

    op.drop_table("score")
    with op.batch_alter_table("safety_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_safety_task_service_id"))
        batch_op.drop_index(batch_op.f("ix_safety_task_owner_id"))
        batch_op.drop_index(
            "ix_safety_task_one_open",
            sqlite_where=sa.text("state <> 'done'"),
            postgresql_where=sa.text("state <> 'done'"),
        )
        batch_op.drop_index(batch_op.f("ix_safety_task_escalates_at"))
        batch_op.drop_index(batch_op.f("ix_safety_task_enrolment_id"))
        batch_op.drop_index(batch_op.f("ix_safety_task_due_at"))

    op.drop_table("safety_task")
    with op.batch_alter_table("given_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_given_answer_service_id"))
        batch_op.drop_index(batch_op.f("ix_given_answer_response_id"))

    op.drop_table("given_answer")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_service_id"))
        batch_op.drop_index(batch_op.f("ix_answer_response_id"))

    op.drop_table("answer")
    with op.batch_alter_table("instrument_response", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instrument_response_service_id"))
        batch_op.drop_index(batch_op.f("ix_instrument_response_enrolment_id"))

    op.drop_table("instrument_response")
    with op.batch_alter_table("adopted_instrument", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_adopted_instrument_service_id"))

    op.drop_table("adopted_instrument")
