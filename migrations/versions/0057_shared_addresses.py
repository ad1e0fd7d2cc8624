"""Two patients may share one e-mail address, where staff said that they are two; else it is one person's."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

NAMES = {"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"}
ONE_PERSONS = "NOT shares_address"


def upgrade() -> None:
    op.add_column("person", sa.Column("shares_address", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("person", schema=None, naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint("uq_person_service_id_email", type_="unique")
    op.create_index(
        "uq_person_one_address",
        "person",
        ["service_id", "email"],
        unique=True,
        sqlite_where=sa.text(ONE_PERSONS),
        postgresql_where=sa.text(ONE_PERSONS),
    )


def downgrade() -> None:
    """Stops where two people share an address: which of them keeps it, somebody has to say first."""
    op.drop_index("uq_person_one_address", table_name="person")
    with op.batch_alter_table("person", schema=None, naming_convention=NAMES) as batch_op:
        batch_op.drop_column("shares_address")
        batch_op.create_unique_constraint("uq_person_service_id_email", ["service_id", "email"])
