"""Staff sign in at their organisation (OpenID Connect)."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = backtolife.database.session.UTCDateTime
    op.create_table(
        "organisation_account",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("issuer", sa.String(length=400), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("set_aside", sa.JSON(), nullable=False),
        sa.Column("linked_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_organisation_account_person_id_person")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_organisation_account_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_account")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_organisation_account_issuer_subject")),
        sa.UniqueConstraint("person_id", "issuer", name=op.f("uq_organisation_account_person_id_issuer")),
    )
    op.create_index(op.f("ix_organisation_account_person_id"), "organisation_account", ["person_id"], unique=False)
    op.create_index(op.f("ix_organisation_account_service_id"), "organisation_account", ["service_id"], unique=False)
    op.create_table(
        "organisation_sign_in",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("signed_in_id", sa.String(length=32), nullable=False),
        sa.Column("refresh_closed", sa.String(length=12000), nullable=False),
        sa.Column("acr", sa.String(length=200), nullable=False),
        sa.Column("amr", sa.String(length=200), nullable=False),
        sa.Column("checked_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["organisation_account.id"],
            name=op.f("fk_organisation_sign_in_account_id_organisation_account"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_organisation_sign_in_person_id_person")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_organisation_sign_in_service_id_service")
        ),
        sa.ForeignKeyConstraint(
            ["signed_in_id"], ["signed_in.id"], name=op.f("fk_organisation_sign_in_signed_in_id_signed_in")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_sign_in")),
        sa.UniqueConstraint("signed_in_id", name=op.f("uq_organisation_sign_in_signed_in_id")),
    )
    op.create_index(op.f("ix_organisation_sign_in_checked_at"), "organisation_sign_in", ["checked_at"], unique=False)
    op.create_index(op.f("ix_organisation_sign_in_person_id"), "organisation_sign_in", ["person_id"], unique=False)
    op.create_index(op.f("ix_organisation_sign_in_service_id"), "organisation_sign_in", ["service_id"], unique=False)
    op.create_table(
        "spent_state",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("expires_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spent_state")),
        sa.UniqueConstraint("mark", name=op.f("uq_spent_state_mark")),
    )
    op.create_index(op.f("ix_spent_state_expires_at"), "spent_state", ["expires_at"], unique=False)


def downgrade() -> None:
    op.drop_table("spent_state")
    op.drop_table("organisation_sign_in")
    op.drop_table("organisation_account")
