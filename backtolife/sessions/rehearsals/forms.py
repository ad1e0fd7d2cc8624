"""The form of starting a rehearsal."""

from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import InputRequired

from backtolife.programme.plan.loading import shipped


class RehearseForm(FlaskForm):
    """Which of the programme's sessions."""

    number = SelectField("Which session do you want to rehearse?", [InputRequired("Choose a session")])

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)
        self.number.choices = [
            (str(each.number), f"Session {each.number}: {each.title}") for each in shipped().sessions
        ]
