"""What stands around the words that people agree to: how we ask, what a yes and a no are called, what they mean."""

from backtolife.programme.consent.rules import ConsentKind, Stand
from backtolife.text.catalogues.worded import worded

ASKS: dict[ConsentKind, str] = {
    ConsentKind.GROUP: worded("Do you agree to this?"),
    ConsentKind.DATA: worded("Have you read this, and is it all right for you?"),
    ConsentKind.LATER: worded("If you leave the group, may we ask you later how you are?"),
    ConsentKind.GP: worded("If we worry about you, may we call your GP?"),
}
YES: dict[ConsentKind, str] = {
    ConsentKind.GROUP: worded("Yes, I agree to keep to it"),
    ConsentKind.DATA: worded("Yes, I have read it"),
    ConsentKind.LATER: worded("Yes, you may ask me"),
    ConsentKind.GP: worded("Yes, you may call them"),
}
NO: dict[ConsentKind, str] = {
    ConsentKind.GROUP: worded("No, or I am not sure"),
    ConsentKind.DATA: worded("No, or I am not sure"),
    ConsentKind.LATER: worded("No, do not ask me"),
    ConsentKind.GP: worded("No, talk to me first"),
}
NAMES: dict[ConsentKind, str] = {
    ConsentKind.GROUP: worded("Group agreement"),
    ConsentKind.DATA: worded("Use of data"),
    ConsentKind.LATER: worded("Questions after leaving the group"),
    ConsentKind.GP: worded("Calling the GP when we worry"),
}
"""As staff call them."""
STANDS: dict[Stand, str] = {
    Stand.AGREED: "Said yes",
    Stand.REFUSED: "Said no",
    Stand.OPEN: "Has not answered",
}
