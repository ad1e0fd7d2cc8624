"""What a message is about, for staff: the title of the template that its key names."""

from dataclasses import replace

from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.material import MessageTemplate
from backtolife.programme.plan.template import Programme
from backtolife.text.catalogues import reading
from backtolife.text.languages import looked_for


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


def in_language(plan: Programme, template: str, language: str) -> Programme:
    """The programme with the words of this template in a language, as far as they are published in it: as it is asked
    for, in a shorter form of its tag (`pt` for `pt-BR`), else in the programme's own. A text that has no words in it
    stays in the programme's own, beside the e-mail that has.
    """
    ours = plan.messages[template]
    for tag in looked_for(language):
        theirs = plan.translations.get((template, tag))
        if theirs is not None:
            words = replace(ours, subject=theirs.subject, bodies={**ours.bodies, **theirs.bodies})
            return replace(plan, messages={**plan.messages, template: words})
    return plan


def in_signed_words(plan: Programme, template: str, tag: str) -> Programme:
    """The programme with this template as the catalogue of a language that is signed says it: as far as its words are
    those that are shipped, which the catalogue translates. Other words stay as the service wrote them.
    """
    if not tag:
        return plan
    ours, said = plan.messages[template], reading.translations(tag).gettext
    bodies = {channel: said(body) for channel, body in ours.bodies.items() if channel != "letter"}
    words = replace(ours, subject=said(ours.subject), bodies={**ours.bodies, **bodies})
    return replace(plan, messages={**plan.messages, template: words})


def template_in(plan: Programme, template: str) -> MessageTemplate:
    return with_template(plan, template).messages[template]
