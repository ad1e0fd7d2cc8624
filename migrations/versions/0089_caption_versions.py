"""Captions and parts of a video are written on a page, kept as versions, and published."""

import sqlalchemy as sa
from alembic import op

from backtolife.database.session import UTCDateTime

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "caption_version",
        *(sa.Column(each, sa.String(length=32), nullable=False) for each in ("id", "service_id", "package_id")),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("chapters", sa.JSON(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.Column("saved_by", sa.String(length=64), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_caption_version_service_id_service")),
        sa.ForeignKeyConstraint(
            ["package_id"], ["video_package.id"], name=op.f("fk_caption_version_package_id_video_package")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caption_version")),
        sa.UniqueConstraint("package_id", "number", name=op.f("uq_caption_version_package_id_number")),
    )
    op.create_index(op.f("ix_caption_version_service_id"), "caption_version", ["service_id"])
    op.create_index(op.f("ix_caption_version_package_id"), "caption_version", ["package_id"])


def downgrade() -> None:
    op.drop_table("caption_version")
