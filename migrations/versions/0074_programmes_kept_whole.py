"""The programme that a group began with is kept whole. Groups until now go on with what is shipped: they read it."""

import sqlalchemy as sa
from alembic import op

from backtolife.programme.plan.keeping import shipped_digest, shipped_files

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

OLD = "uq_adopted_programme_service_id_key_version"
NEW = "uq_adopted_programme_service_id_key_version_digest"
ONE_A_VERSION = """
    UPDATE cohort SET programme_id = (SELECT MIN(first.id) FROM adopted_programme AS first JOIN adopted_programme AS own
    ON own.service_id = first.service_id AND own.key = first.key AND own.version = first.version
    WHERE own.id = cohort.programme_id)
"""


def upgrade() -> None:
    with op.batch_alter_table("adopted_programme", schema=None) as batch_op:
        batch_op.add_column(sa.Column("digest", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("files", sa.JSON(), server_default="{}", nullable=False))
    adopted = sa.table("adopted_programme", sa.column("digest", sa.String()), sa.column("files", sa.JSON()))
    op.execute(adopted.update().values(digest=shipped_digest(), files=dict(shipped_files())))
    with op.batch_alter_table("adopted_programme", schema=None) as batch_op:
        batch_op.alter_column("digest", existing_type=sa.String(length=64), server_default=None)
        batch_op.alter_column("files", existing_type=sa.JSON(), server_default=None)
        batch_op.drop_constraint(batch_op.f(OLD), type_="unique")
        batch_op.create_unique_constraint(batch_op.f(NEW), ["service_id", "key", "version", "digest"])


def downgrade() -> None:
    """The older version knows one row a version, and reads what it ships."""
    op.execute(ONE_A_VERSION)
    op.execute(
        "DELETE FROM adopted_programme WHERE id NOT IN "
        "(SELECT MIN(id) FROM adopted_programme GROUP BY service_id, key, version)"
    )
    with op.batch_alter_table("adopted_programme", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(NEW), type_="unique")
        batch_op.create_unique_constraint(batch_op.f(OLD), ["service_id", "key", "version"])
        batch_op.drop_column("files")
        batch_op.drop_column("digest")
