"""A draft of the programme in a service."""

from backtolife.people.models import Role, Service
from backtolife.programme.editing import services as editing
from tests.support.factories import Factory


def a_programme(make: Factory, service: Service) -> dict[str, str]:
    """The ids of a draft of the programme, of the version that it began from, and of what is in it."""
    lead = make.actor(make.person(service, Role.CLINICAL_LEAD))
    draft = editing.begin(make.db, version_id="", actor=lead, now=make.now)
    ids = {"draft_id": draft.id, "version_id": draft.based_on}
    return (
        ids
        | {"section_id": "s1-check-out", "template": "invitation", "seen_by": "patient"}
        | {
            "text_file": "agreement.md",
            "exercise_id": "ex-march",
        }
    )
