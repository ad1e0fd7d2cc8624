"""What the page of a translation takes."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired


class SignForm(FlaskForm):
    """A clinical lead answers for the words that the page showed."""

    digest = HiddenField()
    read = BooleanField(
        "I have checked these words against the English ones: I read this language well, or went through them with "
        "somebody who does",
        [InputRequired("Tick this once the words are checked")],
    )
