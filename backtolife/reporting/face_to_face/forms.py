"""The forms for a margin and for face-to-face results."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import FloatField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from backtolife.people.typed_fields import NoLonger, SaidOnce
from backtolife.reporting.face_to_face.importing import NUMBER
from backtolife.reporting.face_to_face.margins import LONGEST_SOURCE, SUGGESTED, against, measures, milestones

TYPED = {"inputmode": "decimal", "autocomplete": "off"}


class PlainNumber(SaidOnce, FloatField):
    """A number as it is typed with these digits and a point, and no other that Python takes for one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and not NUMBER.fullmatch(valuelist[0].strip()):
            self.data = None
            raise ValueError("Enter a number with a point, such as 1.5")
        super().process_formdata(valuelist)


class MarginForm(FlaskForm):
    """Everything that has to be said before anyone looks."""

    instrument = SelectField("Measure", [InputRequired("Choose a measure")])
    milestone = SelectField("When", [InputRequired("Choose a time")])
    beside = SelectField("Compare with", [InputRequired("Choose what to compare with")])
    points = PlainNumber(
        "Margin, in points",
        [InputRequired("Enter a number, such as 1.0"), NumberRange(0.01, 100, "Enter a number above 0")],
        render_kw=TYPED,
    )
    sd = PlainNumber(
        "Planned spread of the improvement (SD), in points",
        [InputRequired("Enter a number, such as 5"), NumberRange(0.01, 100, "Enter a number above 0")],
        render_kw=TYPED,
    )
    icc = PlainNumber(
        "How alike people in one group are (ICC)",
        [InputRequired("Enter 0 to below 1"), NumberRange(0, 0.99, "Enter 0 to below 1")],
        description="0.05 is usual. 0 means not at all.",
        default=0.05,
        render_kw=TYPED,
    )
    group_size = PlainNumber(
        "People in a group",
        [InputRequired("Enter 1 or more"), NumberRange(1, 100, "Enter 1 to 100")],
        default=10,
        render_kw=TYPED,
    )
    source = StringField(
        "Why this size?",
        [InputRequired("Say why this size"), NoLonger(LONGEST_SOURCE)],
        id="margin-source",  # the form below on the same page has a source too
        description="For example: a fifth of the change one person notices (Ostelo 2008).",
        render_kw={"maxlength": LONGEST_SOURCE, "autocomplete": "off"},
    )


def margin_form(*, empty: bool = False) -> MarginForm:
    """The form with what there is to choose from."""
    form = MarginForm(formdata=None) if empty else MarginForm()
    form.instrument.choices = [
        SelectChoice(
            key,
            f"{name} (suggested: {SUGGESTED[key]:g} {'point' if SUGGESTED[key] == 1 else 'points'})"
            if key in SUGGESTED
            else name,
        )
        for key, name in measures().items()
    ]
    form.milestone.choices = [SelectChoice(key, label) for key, label in milestones().items()]
    form.beside.choices = [SelectChoice(key, words) for key, words in against().items()]
    return form


class BringForm(FlaskForm):
    """A file of face-to-face results."""

    name = StringField(
        "Name of these results",
        [InputRequired("Give these results a short name"), NoLonger(80)],
        description="For example: clinic groups 2024 to 2025.",
        render_kw={"autocomplete": "off"},
    )
    source = StringField(
        "Where do they come from?",
        [InputRequired("Say which groups these are, and when"), NoLonger(300)],
        description="It is shown beside every comparison.",
        render_kw={"autocomplete": "off"},
    )
    file = FileField("CSV file", [FileRequired("Choose a file")])
