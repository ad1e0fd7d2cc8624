"""What each sent form came to, in one cell of its own row; and two indexes that tell whether a service's data changed.

The cells of forms already sent are made from their scores and, where nothing is scored, from the answers to the four
questions that are counted as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

COUNTED = "'situation', 'days_missed', 'ability', 'experience'"


def upgrade() -> None:
    with op.batch_alter_table("instrument_response", schema=None) as batch_op:
        batch_op.add_column(sa.Column("summary", sa.Text(), nullable=False, server_default=""))
        batch_op.create_index("ix_instrument_response_sent", ["service_id", "completed_at"], unique=False)
    with op.batch_alter_table("score", schema=None) as batch_op:
        batch_op.create_index("ix_score_scored", ["service_id", "scored_at"], unique=False)
    op.execute(filled(op.get_bind().dialect.name))


def filled(dialect: str) -> str:
    """The statement that writes what the forms sent before came to."""
    if dialect == "sqlite":
        figures, answers = "json_group_object(scale, value)", "json_group_object(item, coalesce(value, words))"
    else:
        figures = "json_object_agg(scale, value)"
        answers = "json_object_agg(item, CASE WHEN value IS NULL THEN to_json(words) ELSE to_json(value) END)"
    return (
        f"UPDATE instrument_response SET summary = coalesce(CASE WHEN EXISTS (SELECT 1 FROM score"  # noqa: S608
        f" WHERE response_id = instrument_response.id AND scale = 'recorded')"
        f" THEN (SELECT CAST({answers} AS TEXT) FROM answer WHERE response_id = instrument_response.id"
        f" AND item IN ({COUNTED}) AND (value IS NOT NULL OR words <> ''))"
        f" ELSE (SELECT CAST({figures} AS TEXT) FROM score WHERE response_id = instrument_response.id"
        f" AND value IS NOT NULL) END, '{{}}') WHERE completed_at IS NOT NULL"
    )


def downgrade() -> None:
    with op.batch_alter_table("score", schema=None) as batch_op:
        batch_op.drop_index("ix_score_scored")
    with op.batch_alter_table("instrument_response", schema=None) as batch_op:
        batch_op.drop_index("ix_instrument_response_sent")
        batch_op.drop_column("summary")
