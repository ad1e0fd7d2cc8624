"""A message goes by a channel: e-mail, text or a call; it can be held, and a text says what became of it."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

OLD_STATES, NEW_STATES = ("waiting", "sent", "failed"), ("waiting", "held", "sent", "failed", "dropped")
OLD_CHANNELS, NEW_CHANNELS = ("email", "sms"), ("email", "sms", "telephone")
OUTCOMES = ("spoke", "left_word", "no_answer")
NAMES = {"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"}
message = sa.table("outgoing_message", *(sa.column(name) for name in ("state", "channel")))
person = sa.table("person", sa.column("channel"))


def upgrade() -> None:
    moment = backtolife.database.session.UTCDateTime
    op.add_column(
        "outgoing_message", sa.Column("channel", sa.String(length=40), nullable=False, server_default="email")
    )
    op.add_column("outgoing_message", sa.Column("text", sa.String(length=320), nullable=False, server_default=""))
    op.add_column("outgoing_message", sa.Column("carrier_id", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("outgoing_message", sa.Column("delivered_at", moment(), nullable=True))
    op.add_column("outgoing_message", sa.Column("not_before", moment(), nullable=True))
    with op.batch_alter_table("outgoing_message", schema=None, naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint(op.f("ck_outgoing_message_message_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_outgoing_message_message_state"), message.c.state.in_(NEW_STATES))
        batch_op.create_check_constraint(
            op.f("ck_outgoing_message_message_channel"), message.c.channel.in_(NEW_CHANNELS)
        )
        batch_op.create_index("ix_outgoing_message_newest", ["service_id", "queued_at"])
    channels_of_people(OLD_CHANNELS, NEW_CHANNELS)
    op.add_column("person", sa.Column("others_read", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("person", sa.Column("text_from", sa.Integer(), nullable=False, server_default="8"))
    op.add_column("person", sa.Column("text_until", sa.Integer(), nullable=False, server_default="20"))
    outcome = sa.Enum(*OUTCOMES, name="call_outcome", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "message_call",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("outcome", outcome, nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", moment(), nullable=False),
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


def downgrade() -> None:
    """What only the newer version knows becomes what the older one would have made of it."""
    op.drop_table("message_call")
    for name in ("text_until", "text_from", "others_read"):
        with op.batch_alter_table("person", schema=None, naming_convention=NAMES) as batch_op:
            batch_op.drop_column(name)
    op.get_bind().execute(person.update().where(person.c.channel == "telephone").values(channel="email"))
    channels_of_people(NEW_CHANNELS, OLD_CHANNELS)
    op.get_bind().execute(
        message.update()
        .where(sa.or_(message.c.state == "dropped", message.c.channel != "email"))
        .values(state="failed")
    )
    op.get_bind().execute(message.update().where(message.c.state == "held").values(state="failed"))
    with op.batch_alter_table("outgoing_message", schema=None, naming_convention=NAMES) as batch_op:
        batch_op.drop_index("ix_outgoing_message_newest")
        batch_op.drop_constraint(op.f("ck_outgoing_message_message_channel"), type_="check")
        batch_op.drop_constraint(op.f("ck_outgoing_message_message_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_outgoing_message_message_state"), message.c.state.in_(OLD_STATES))
        for name in ("not_before", "delivered_at", "carrier_id", "text", "channel"):
            batch_op.drop_column(name)


def channels_of_people(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Change which channels the check of a person lets through, as migration 40 does for states."""
    name = op.f("ck_person_channel")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(name, "person", type_="check")
        op.create_check_constraint(name, "person", f"channel IN ({listed(after)})")
        return
    version = op.get_bind().exec_driver_sql("PRAGMA schema_version").scalar_one()
    op.get_bind().exec_driver_sql("PRAGMA writable_schema=ON")
    op.get_bind().exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'person'",
        (f"channel IN ({listed(before)})", f"channel IN ({listed(after)})"),
    )
    op.get_bind().exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    op.get_bind().exec_driver_sql("PRAGMA writable_schema=OFF")


def listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{each}'" for each in words)
