"""What a message is about, for staff: the title of the template that its key names."""

from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.material import MessageTemplate
from backtolife.programme.plan.template import Programme


def template_of(key: str) -> str:
    """The template it was made from; empty for one whose words are not of the programme's templates."""
    name = key.partition(":")[0]
    return name if name in shipped().messages else ""


def titled(key: str, subject: str) -> str:
    """The title of its template, or its subject."""
    template = shipped().messages.get(template_of(key))
    return template.title if template is not None else subject


def with_template(plan: Programme, template: str) -> Programme:
    """Whose words a group is told something in: those of its own programme. What only came after it is told in the
    words that are shipped.
    """
    return plan if template in plan.messages else shipped()


def template_in(plan: Programme, template: str) -> MessageTemplate:
    return with_template(plan, template).messages[template]
