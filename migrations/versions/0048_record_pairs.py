"""What was decided about two records that may be one person."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

PEOPLE = ("kept_id", "other_id", "by", "undone_by")


def upgrade() -> None:
    op.create_table(
        "record_pair",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("kept_id", sa.String(length=32), nullable=False),
        sa.Column("other_id", sa.String(length=32), nullable=False),
        sa.Column(
            "decision",
            sa.Enum("merged", "apart", name="pair_decision", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("filled", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("undone_by", sa.String(length=32), nullable=True),
        sa.Column("undone_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.CheckConstraint("kept_id <> other_id", name=op.f("ck_record_pair_two_records")),
        *(
            sa.ForeignKeyConstraint([each], ["person.id"], name=op.f(f"fk_record_pair_{each}_person"))
            for each in PEOPLE
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_record_pair_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_pair")),
    )
    with op.batch_alter_table("record_pair", schema=None) as batch_op:
        for each in ("kept_id", "other_id", "service_id"):
            batch_op.create_index(batch_op.f(f"ix_record_pair_{each}"), [each], unique=False)


def downgrade() -> None:
    op.drop_table("record_pair")
