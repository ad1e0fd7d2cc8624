"""Let a person hold several roles: today's one becomes a set, and the audit log names the role that was used."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

ROLES = (
    "patient",
    "facilitator",
    "clinical_lead",
    "service_lead",
    "duty_clinician",
    "administrator",
    "companion",
    "observer",
)
NO_STAFF = ("patient", "companion", "observer")
KINDS = ("patient", "staff", "companion", "observer")
NAMES = {"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"}
"""What SQLite does not tell of the key that was added to `person` later."""
SEVERAL = (
    "Going back is refused: somebody holds several roles, and the version before keeps one. Leave each person one role "
    "on the page “Staff”, then try again."
)
person = sa.table("person", *(sa.column(name) for name in ("id", "service_id", "role", "kind", "created_at")))
role_held = sa.table("role_held", *(sa.column(name) for name in ("id", "service_id", "person_id", "role", "given_at")))


def words(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("actor_role", sa.String(length=40), nullable=False, server_default=""))
    op.create_table(
        "role_held",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("role", words("role", ROLES), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role NOT IN ('patient', 'companion', 'observer')", name=op.f("ck_role_held_role_is_of_staff")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_held_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_role_held_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_held")),
        sa.UniqueConstraint("person_id", "role", name=op.f("uq_role_held_person_id_role")),
    )
    with op.batch_alter_table("role_held", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_held_service_id"), ["service_id"], unique=False)
    staff = sa.select(person.c.id, person.c.service_id, person.c.role, person.c.created_at).where(
        person.c.role.not_in(NO_STAFF)
    )
    for own_id, service_id, role, since in op.get_bind().execute(staff).all():
        op.get_bind().execute(
            role_held.insert().values(
                id=uuid.uuid4().hex, service_id=service_id, person_id=own_id, role=role, given_at=since
            )
        )
    op.add_column("person", sa.Column("kind", sa.String(length=40), nullable=False, server_default="staff"))
    op.get_bind().execute(person.update().where(person.c.role.in_(NO_STAFF)).values(kind=person.c.role))
    with op.batch_alter_table("person", schema=None, naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint(op.f("ck_person_role"), type_="check")
        batch_op.drop_column("role")
        batch_op.alter_column("kind", server_default=None, existing_type=sa.String(length=40), existing_nullable=False)
        batch_op.create_check_constraint(op.f("ck_person_kind"), person.c.kind.in_(KINDS))


def downgrade() -> None:
    several = sa.select(role_held.c.person_id).group_by(role_held.c.person_id).having(sa.func.count() > 1)
    if op.get_bind().execute(several).first() is not None:
        raise RuntimeError(SEVERAL)
    op.add_column("person", sa.Column("role", sa.String(length=40), nullable=False, server_default="facilitator"))
    held = sa.select(role_held.c.role).where(role_held.c.person_id == person.c.id).scalar_subquery()
    op.get_bind().execute(person.update().values(role=sa.func.coalesce(held, person.c.kind)))
    op.get_bind().execute(person.update().where(person.c.role == "staff").values(role="facilitator"))
    with op.batch_alter_table("person", schema=None, naming_convention=NAMES) as batch_op:
        batch_op.drop_constraint(op.f("ck_person_kind"), type_="check")
        batch_op.drop_column("kind")
        batch_op.alter_column("role", server_default=None, existing_type=sa.String(length=40), existing_nullable=False)
        batch_op.create_check_constraint(op.f("ck_person_role"), person.c.role.in_(ROLES))
    op.drop_table("role_held")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_column("actor_role")
