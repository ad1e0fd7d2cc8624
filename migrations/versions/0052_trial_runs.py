"""What a patient's trial run of camera, sound and network found."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trial_run",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("run", sa.String(length=32), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("camera", sa.Boolean(), nullable=True),
        sa.Column("sound", sa.Boolean(), nullable=True),
        sa.Column(
            "network",
            sa.Enum("good", "poor", "none", name="network", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("help_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.Column("called_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.Column("called_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_trial_run_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_trial_run_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial_run")),
        sa.UniqueConstraint("person_id", "run", name=op.f("uq_trial_run_person_id_run")),
    )
    with op.batch_alter_table("trial_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trial_run_service_id"), ["service_id"], unique=False)


def downgrade() -> None:
    op.drop_table("trial_run")
