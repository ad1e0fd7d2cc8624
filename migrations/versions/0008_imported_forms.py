"""Keep official wording, chosen questions and why a form was opened again."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imported_form",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("instrument", sa.String(length=40), nullable=False),
        sa.Column("instrument_version", sa.String(length=20), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("version", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("copyright", sa.Text(), nullable=False),
        sa.Column("licence_holder", sa.String(length=200), nullable=False),
        sa.Column("licence_reference", sa.String(length=200), nullable=False),
        sa.Column("licence_expires_on", sa.Date(), nullable=True),
        sa.Column("cross_check", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("form_hash", sa.String(length=64), nullable=False),
        sa.Column("imported_by", sa.String(length=64), nullable=False),
        sa.Column("imported_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.CheckConstraint("copyright <> ''", name=op.f("ck_imported_form_copyright_given")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_imported_form_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_form")),
        sa.UniqueConstraint(
            "service_id", "instrument", "form_hash", name=op.f("uq_imported_form_service_id_instrument_form_hash")
        ),
        sa.UniqueConstraint("service_id", "url", "version", name=op.f("uq_imported_form_service_id_url_version")),
    )
    with op.batch_alter_table("imported_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imported_form_service_id"), ["service_id"], unique=False)

    op.create_table(
        "chosen_battery",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("milestone_id", sa.String(length=40), nullable=False),
        sa.Column("instruments", sa.JSON(), nullable=False),
        sa.Column("chosen_by", sa.String(length=32), nullable=False),
        sa.Column("chosen_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["chosen_by"], ["person.id"], name=op.f("fk_chosen_battery_chosen_by_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_chosen_battery_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chosen_battery")),
    )
    with op.batch_alter_table("chosen_battery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chosen_battery_service_id"), ["service_id"], unique=False)

    op.create_table(
        "reopening",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=False),
        sa.Column("milestone_id", sa.String(length=40), nullable=False),
        sa.Column("response_id", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("until", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("sent_before", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.Column("scores_before", sa.JSON(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_reopening_reason_given")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_reopening_by_person")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_reopening_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["instrument_response.id"], name=op.f("fk_reopening_response_id_instrument_response")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_reopening_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reopening")),
    )
    with op.batch_alter_table("reopening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reopening_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reopening_service_id"), ["service_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("reopening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reopening_service_id"))
        batch_op.drop_index(batch_op.f("ix_reopening_enrolment_id"))

    op.drop_table("reopening")
    with op.batch_alter_table("chosen_battery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_chosen_battery_service_id"))

    op.drop_table("chosen_battery")
    with op.batch_alter_table("imported_form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_imported_form_service_id"))

    op.drop_table("imported_form")
