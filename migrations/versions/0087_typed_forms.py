"""The official words of a questionnaire are typed on a page, in more than one sitting."""

import sqlalchemy as sa
from alembic import op

from backtolife.database.session import UTCDateTime

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None

NAME = "typed_form"
POINTS_TO = {"service_id": "service", "started_by": "person", "changed_by": "person", "loaded_id": "imported_form"}


def upgrade() -> None:
    op.create_table(
        NAME,
        *(sa.Column(each, sa.String(length=32), nullable=False) for each in ("id", "service_id")),
        sa.Column("instrument", sa.String(length=40), nullable=False),
        sa.Column("instrument_version", sa.String(length=20), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        *(sa.Column(each, sa.String(length=32), nullable=False) for each in ("started_by", "changed_by")),
        *(sa.Column(each, UTCDateTime(), nullable=False) for each in ("started_at", "changed_at")),
        sa.Column("removed_at", UTCDateTime(), nullable=True),
        sa.Column("loaded_id", sa.String(length=32), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{NAME}_{column}_{table}"))
            for column, table in POINTS_TO.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{NAME}")),
    )
    for column in ("service_id", "loaded_id"):
        op.create_index(op.f(f"ix_{NAME}_{column}"), NAME, [column])


def downgrade() -> None:
    op.drop_table(NAME)
