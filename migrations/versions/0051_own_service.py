"""What a service says of itself is changed on a page, version by version; a test mail says whether mail arrives."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("service", sa.Column("country", sa.String(length=6), server_default="", nullable=False))
    op.add_column("service", sa.Column("colour", sa.String(length=7), server_default="", nullable=False))
    op.add_column("service", sa.Column("keep_years", sa.Integer(), server_default="8", nullable=False))
    op.add_column("service", sa.Column("version", sa.Integer(), server_default="0", nullable=False))
    op.add_column("service", sa.Column("set_up_at", backtolife.database.session.UTCDateTime(), nullable=True))
    op.create_table(
        "service_change",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_service_change_by_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_service_change_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_change")),
        sa.UniqueConstraint("service_id", "version", name=op.f("uq_service_change_service_id_version")),
    )
    op.create_table(
        "mail_check",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("arrived_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_check_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_mail_check_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_mail")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_mail_check_token_hash")),
    )
    for table in ("service_change", "mail_check"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f"ix_{table}_service_id"), ["service_id"], unique=False)


def downgrade() -> None:
    op.drop_table("mail_check")
    op.drop_table("service_change")
    with op.batch_alter_table("service", schema=None) as batch_op:
        for column in ("set_up_at", "version", "keep_years", "colour", "country"):
            batch_op.drop_column(column)
