"""One of everything that lies around the groups of a service, for the world of the access tests."""

from backtolife.pathway.map import services
from backtolife.pathway.map.rules import Says
from backtolife.people.models import Role, Service
from tests.support.factories import Factory


def an_entry_of_the_map(make: Factory, service: Service, canary: str) -> str:
    """An entry that is not shown: what is shown, everybody may read."""
    lead = make.actor(make.person(service, Role.SERVICE_LEAD))
    said = Says(canary, ("move",), canary, canary, canary, ("English",), 2, canary)
    made = services.add(make.db, wanted=said, actor=lead, now=make.now)
    services.change(make.db, entry_id=made.entry_id, seen=1, wanted=said, is_shown=False, actor=lead, now=make.now)
    return made.entry_id
