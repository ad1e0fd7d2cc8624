"""Calls that were to tell a message stand among all calls with a person."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

OUTCOMES = ("spoke", "left_word", "no_answer")
SHARED = ("id", "service_id", "message_id", "outcome", "words", "by", "at")
FK_MESSAGE = "fk_phone_call_message_id_outgoing_message"
phone_call = sa.table("phone_call", sa.column("person_id"), *(sa.column(name) for name in SHARED))
message_call = sa.table("message_call", *(sa.column(name) for name in SHARED))
message = sa.table("outgoing_message", sa.column("id"), sa.column("person_id"))


def upgrade() -> None:
    with op.batch_alter_table("phone_call", schema=None) as batch_op:
        batch_op.add_column(sa.Column("message_id", sa.String(length=32), nullable=True))
        batch_op.alter_column("person_id", existing_type=sa.String(length=32), nullable=True)
        batch_op.create_index(batch_op.f("ix_phone_call_message_id"), ["message_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f(FK_MESSAGE), "outgoing_message", ["message_id"], ["id"], ondelete="SET NULL"
        )
    about = message_call.join(message, message.c.id == message_call.c.message_id)
    moved = sa.select(message.c.person_id, *(message_call.c[name] for name in SHARED)).select_from(about)
    op.get_bind().execute(phone_call.insert().from_select(["person_id", *SHARED], moved))
    op.drop_table("message_call")


def downgrade() -> None:
    """What the older version has no word for becomes what it would have made of it."""
    op.create_table(
        "message_call",
        *(sa.Column(name, sa.String(length=32), nullable=False) for name in ("id", "service_id", "message_id")),
        sa.Column(
            "outcome",
            sa.Enum(*OUTCOMES, name="call_outcome", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_message_call_by_person")),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["outgoing_message.id"],
            name=op.f("fk_message_call_message_id_outgoing_message"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_message_call_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_call")),
    )
    with op.batch_alter_table("message_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_call_message_id"), ["message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_call_service_id"), ["service_id"], unique=False)
    as_before = {
        "outcome": sa.case(
            (phone_call.c.outcome == "wrong_number", "no_answer"),
            (phone_call.c.outcome == "they_rang", "spoke"),
            else_=phone_call.c.outcome,
        ),
        "words": sa.func.substr(phone_call.c.words, 1, 300),
    }
    moved = sa.select(*(as_before.get(name, phone_call.c[name]) for name in SHARED))
    connection = op.get_bind()
    connection.execute(message_call.insert().from_select(SHARED, moved.where(phone_call.c.message_id.is_not(None))))
    gone = sa.or_(phone_call.c.message_id.is_not(None), phone_call.c.person_id.is_(None))
    connection.execute(phone_call.delete().where(gone))
    with op.batch_alter_table("phone_call", schema=None) as batch_op:
        batch_op.drop_constraint(FK_MESSAGE, type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_phone_call_message_id"))
        batch_op.alter_column("person_id", existing_type=sa.String(length=32), nullable=False)
        batch_op.drop_column("message_id")
