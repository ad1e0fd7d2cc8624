"""A draft of the programme in a service."""

from datetime import timedelta

from backtolife.people.models import Role, Service
from backtolife.programme.editing import services as editing
from tests.support.factories import Factory


def a_programme(make: Factory, service: Service) -> dict[str, str]:
    """The ids of a draft of the programme, of the version that it began from, of a newer one, and of what is in it."""
    lead = make.actor(make.person(service, Role.CLINICAL_LEAD))
    draft = editing.begin(make.db, version_id="", actor=lead, now=make.now)
    beside = editing.begin(make.db, version_id="", actor=lead, now=make.now)
    later = make.now + timedelta(minutes=1)
    newer = editing.publish(make.db, draft=beside, version="1.1.0", actor=lead, now=later)
    ids = {"draft_id": draft.id, "version_id": draft.based_on, "newer": newer.id}
    return (
        ids
        | {"section_id": "s1-check-out", "template": "invitation", "seen_by": "patient"}
        | {
            "text_file": "agreement.md",
            "exercise_id": "ex-march",
        }
    )
