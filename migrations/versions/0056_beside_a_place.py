"""Whoever is booked beside a patient is booked for one place of theirs: a course that they take later is another one."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

THEIR_PLACE = """
UPDATE person SET beside_place_id = (
  SELECT enrolment.id FROM enrolment
  WHERE enrolment.person_id = person.beside_id AND enrolment.enrolled_at <= person.created_at
  ORDER BY enrolment.enrolled_at DESC, enrolment.id LIMIT 1
)
WHERE whole_course
"""
"""The place that their patient had last when they were booked."""


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("beside_place_id", sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_person_beside_place_id"), ["beside_place_id"], unique=False)
    op.execute(THEIR_PLACE)


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_beside_place_id"))
        batch_op.drop_column("beside_place_id")
