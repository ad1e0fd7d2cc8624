"""Whether somebody may be asked after they left is what their answer says: also where newer words ask again since."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

KIND = "later_questions"
TIME = backtolife.database.session.UTCDateTime()
answer = sa.table(
    "consent_answer",
    *(sa.column(name) for name in ("person_id", "service_id", "kind", "version", "by")),
    *(sa.column(name, TIME) for name in ("at", "replaced_at")),
    sa.column("agreed", sa.Boolean()),
)
words = sa.table(
    "consent_text",
    *(sa.column(name) for name in ("service_id", "kind", "version")),
    sa.column("asks_again", sa.Boolean()),
)
place = sa.table("enrolment", sa.column("id"), sa.column("person_id"), sa.column("agreed_later", sa.Boolean()))
change = sa.table("enrolment_change", sa.column("enrolment_id"), sa.column("state"), sa.column("at", TIME))


def upgrade() -> None:
    asks_from = (
        sa.select(sa.func.coalesce(sa.func.max(words.c.version), 0))
        .where(words.c.service_id == answer.c.service_id, words.c.kind == KIND, words.c.asks_again.is_(True))
        .scalar_subquery()
    )
    stands = (
        sa.select(answer.c.person_id)
        .where(
            answer.c.person_id == place.c.person_id,
            answer.c.kind == KIND,
            answer.c.agreed.is_(True),
            answer.c.replaced_at.is_(None),
            answer.c.version >= asks_from,
        )
        .correlate(place)
        .exists()
    )
    op.execute(place.update().where(place.c.agreed_later.is_(True), ~stands).values(agreed_later=False))
    op.execute(place.update().where(place.c.agreed_later.is_(False), stands).values(agreed_later=True))
    # What 0049 took over from a leaving was said then, and not on the day of the upgrade.
    left = (
        sa.select(sa.func.max(change.c.at))
        .select_from(change.join(place, place.c.id == change.c.enrolment_id))
        .where(place.c.person_id == answer.c.person_id, change.c.state == "withdrawn", change.c.at < answer.c.at)
        .correlate(answer)
        .scalar_subquery()
    )
    op.execute(answer.update().where(answer.c.by == "migration", left.is_not(None)).values(at=left))


def downgrade() -> None:
    """Nothing to take back: the release before reads the same."""
