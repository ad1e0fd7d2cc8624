"""The words that patients agree to, version by version, and every answer; what leavers agreed to becomes an answer."""

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None
KINDS = ("group_agreement", "use_of_data", "later_questions", "contact_gp")
STANDS = "replaced_at IS NULL"
LEFT = """
SELECT enrolment.id, enrolment.service_id, enrolment.person_id, enrolment.agreed_later
FROM enrolment WHERE enrolment.state = 'withdrawn' ORDER BY enrolment.enrolled_at
"""


def upgrade() -> None:
    op.create_table(
        "consent_text",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="text_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("asks_again", sa.Boolean(), nullable=False),
        sa.Column("published_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("published_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_consent_text_version_is_counted")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_consent_text_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_text")),
        sa.UniqueConstraint("service_id", "kind", "version", name=op.f("uq_consent_text_service_id_kind_version")),
    )
    with op.batch_alter_table("consent_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_text_service_id"), ["service_id"], unique=False)
    op.create_table(
        "consent_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="answer_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("text_id", sa.String(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("by_telephone", sa.Boolean(), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("replaced_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_answer_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_consent_answer_service_id_service")),
        sa.ForeignKeyConstraint(["text_id"], ["consent_text.id"], name=op.f("fk_consent_answer_text_id_consent_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_answer")),
    )
    with op.batch_alter_table("consent_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_answer_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_answer_service_id"), ["service_id"], unique=False)
    op.create_index(
        "uq_consent_answer_stands",
        "consent_answer",
        ["person_id", "kind"],
        unique=True,
        sqlite_where=sa.text(STANDS),
        postgresql_where=sa.text(STANDS),
    )
    keep_what_leavers_said()


def keep_what_leavers_said() -> None:
    """Who has left said at their newest leaving whether they may be asked later. From now on that is an answer of the
    person, and every place of theirs says the same.
    """
    answers = sa.table(
        "consent_answer",
        *(sa.column(name) for name in ("id", "service_id", "person_id", "kind", "version", "by")),
        *(sa.column(name, sa.Boolean()) for name in ("agreed", "by_telephone")),
        sa.column("at", backtolife.database.session.UTCDateTime()),
    )
    enrolment = sa.table("enrolment", sa.column("person_id"), sa.column("agreed_later", sa.Boolean()))
    newest = {person: (service, bool(agreed)) for _, service, person, agreed in op.get_bind().execute(sa.text(LEFT))}
    for person, (service, agreed) in newest.items():
        op.execute(
            answers.insert().values(
                id=uuid4().hex,
                service_id=service,
                person_id=person,
                kind="later_questions",
                version=0,
                agreed=agreed,
                by_telephone=True,
                at=datetime.now(UTC),
                by="migration",
            )
        )
        op.execute(enrolment.update().where(enrolment.c.person_id == person).values(agreed_later=agreed))


def downgrade() -> None:
    op.drop_table("consent_answer")
    op.drop_table("consent_text")
