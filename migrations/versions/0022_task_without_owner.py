"""A safety task may stand without an owner while nobody in the service may work on it."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

STAFF = ("duty_clinician", "clinical_lead", "facilitator", "service_lead", "administrator")
TURN = " ".join(f"WHEN '{role}' THEN {turn}" for turn, role in enumerate(STAFF))
NEAREST = f"""
SELECT person.id FROM person
WHERE person.service_id = safety_task.service_id AND person.role IN {STAFF}
ORDER BY person.active DESC, CASE person.role {TURN} END, person.created_at, person.id LIMIT 1
"""  # noqa: S608 - from our own words
GIVE = f"""
UPDATE safety_task SET backup_id = NULL, owner_id = COALESCE(closed_by, acknowledged_by, ({NEAREST}))
WHERE owner_id IS NULL
"""  # noqa: S608
LEFT = "SELECT count(*) FROM safety_task WHERE owner_id IS NULL"


def upgrade() -> None:
    with op.batch_alter_table("safety_task", schema=None) as batch_op:
        batch_op.alter_column("owner_id", existing_type=sa.String(length=32), nullable=True)


def downgrade() -> None:
    """Every task has an owner again: who took it, else whoever on the staff is nearest to it. None is deleted."""
    op.execute(GIVE)
    if op.get_bind().execute(sa.text(LEFT)).scalar():
        raise RuntimeError(
            "Nothing was changed: a service has a safety task and no staff. Invite somebody there first."
        )
    with op.batch_alter_table("safety_task", schema=None) as batch_op:
        batch_op.alter_column("owner_id", existing_type=sa.String(length=32), nullable=False)
