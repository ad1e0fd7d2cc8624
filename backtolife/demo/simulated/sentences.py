"""What made-up people write in their own words, from a few sentences of ours. Nobody ever said them."""

import random
from collections.abc import Mapping

from backtolife.outcomes.catalogue.wording import Form

NOTED = 0.12
"""How likely somebody writes a note beside a video."""
EMPTY = 0.35
"""How likely somebody leaves a question for words empty."""
TWO = 0.3
"""How likely they write a second sentence."""
GOOD = (
    "I could join from home, so I did not miss a day.",
    "The others knew what a bad day is like. That helped me most.",
    "Small steps. I walk to the shop again.",
    "The facilitators were kind and never rushed us.",
    "I liked the breathing at the end, I use it at night.",
    "+ the plan for bad days, it is on my fridge",
    "Now I know that moving does no harm.",
    "I was not sure at first. By week four I looked forward to it.",
    "The videos were short and in plain words.",
    "My back still hurts, but I worry less about it.",
)
MIXED = (
    "Some weeks were useful, others not so much.",
    "Good group, but the sound dropped out now and then.",
    "I would have liked more time to talk.",
    "It was fine. The evenings were hard for me.",
    "Too early to say.",
    "I knew some of it already.",
)
BAD = (
    "I had hoped for something for the pain itself.",
    "The time did not fit with my shifts.",
    "I found it hard to talk to a screen.",
    "My link was so slow that I missed half of it.",
    "Nobody rang me back about the form.",
    "It went too fast for me.",
)
NOTES = (
    "Ask: is it all right to do this one lying down?",
    "I do too much on good days. Every time.",
    "Tried it for two minutes, then three.",
    "The part on sleep was new to me.",
    "My flare-up plan: heat, short walk, ring my sister.",
    "“Hurt does not mean harm” – I want to believe it.",
    "Not sure that this is for me yet.",
    "Goal for this week: sit through one film.",
)
BY_ANSWER = {"very_good": GOOD, "good": GOOD, "poor": BAD, "very_poor": BAD}


def in_own_words(dice: random.Random, form: Form, chosen: Mapping[str, int | str]) -> dict[str, str]:
    """What somebody writes to each question for words on a form, in keeping with what they chose on it."""
    fitting = next((BY_ANSWER[each] for each in chosen.values() if isinstance(each, str) and each in BY_ANSWER), MIXED)
    asked = [each.id for each in form.questions if each.kind == "text"]
    return {question: text for question in asked if (text := some_of(dice, fitting))}


def some_of(dice: random.Random, sentences: tuple[str, ...]) -> str:
    """One or two of the sentences; empty where somebody leaves it."""
    if dice.random() < EMPTY:
        return ""
    return "\n".join(dice.sample(sentences, 2 if dice.random() < TWO else 1))


def note_on_video(dice: random.Random) -> str:
    """A note beside a video; mostly empty."""
    return dice.choice(NOTES) if dice.random() < NOTED else ""
