"""Where a companion who is booked for a course gets mail; of those who are booked, where their link went last."""

import sqlalchemy as sa
from alembic import op

from backtolife.database.sealing import ours

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None

LAST_SENT = sa.text(
    "SELECT person.id, outgoing_message.address FROM person "
    "JOIN outgoing_message ON outgoing_message.person_id = person.id "
    "WHERE person.whole_course AND outgoing_message.channel = 'email' AND outgoing_message.address LIKE '%@%' "
    "ORDER BY outgoing_message.queued_at"
)


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("guest_email", sa.Text(), nullable=False, server_default=""))
    last = {row[0]: row[1] for row in op.get_bind().execute(LAST_SENT)}
    if last:
        sealing = ours()
        kept = sa.text("UPDATE person SET guest_email = :closed WHERE id = :id")
        rows = [
            {"id": each, "closed": sealing.close(address, place=f"person/{each}/guest_email")}
            for each, address in last.items()
        ]
        op.get_bind().execute(kept, rows)


def downgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.drop_column("guest_email")
