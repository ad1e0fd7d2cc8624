"""What the page of the trial run sends."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import AnyOf, Optional, Regexp

from backtolife.sessions.trial.rules import Found, Network

YES_OR_NO = AnyOf(["yes", "no"])
SAID = {"yes": True, "no": False}


class HelpForm(FlaskForm):
    """They would like a call."""

    run = HiddenField(validators=[Regexp(r"^[0-9a-f]{32}$")])


class ResultForm(HelpForm):
    """What worked; what was not tried yet is left out."""

    camera = StringField(validators=[Optional(), YES_OR_NO])
    sound = StringField(validators=[Optional(), YES_OR_NO])
    network = StringField(validators=[Optional(), AnyOf([each.value for each in Network])])

    @property
    def found(self) -> Found:
        network = Network(self.network.data) if self.network.data else None
        return Found(SAID.get(self.camera.data or ""), SAID.get(self.sound.data or ""), network)
