"""Staff show a second step besides their password: a code of an app, or one that they wrote down."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = backtolife.database.session.UTCDateTime
    op.create_table(
        "authenticator",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("secret_closed", sa.String(length=200), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_authenticator_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_authenticator_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authenticator")),
        sa.UniqueConstraint("person_id", name=op.f("uq_authenticator_person_id")),
    )
    op.create_index(op.f("ix_authenticator_service_id"), "authenticator", ["service_id"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("code_mark", sa.String(length=64), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("spent_at", moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_recovery_code_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("person_id", "code_mark", name=op.f("uq_recovery_code_person_id_code_mark")),
    )
    op.create_index(op.f("ix_recovery_code_service_id"), "recovery_code", ["service_id"], unique=False)
    op.add_column("signed_in", sa.Column("sets_up_only", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Who could only set up a second step is signed out: the release before knows no such sign-in."""
    signed_in = sa.table(
        "signed_in",
        sa.column("sets_up_only", sa.Boolean()),
        sa.column("ended_at", backtolife.database.session.UTCDateTime()),
    )
    now = sa.func.current_timestamp()
    op.execute(signed_in.update().where(signed_in.c.sets_up_only.is_(True)).values(ended_at=now))
    with op.batch_alter_table("signed_in", schema=None) as batch_op:
        batch_op.drop_column("sets_up_only")
    op.drop_table("recovery_code")
    op.drop_table("authenticator")
