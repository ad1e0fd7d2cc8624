"""What stands around the words that people agree to: how we ask, what a yes and a no are called, what they mean."""

from backtolife.programme.consent.rules import ConsentKind, Stand

ASKS: dict[ConsentKind, str] = {
    ConsentKind.GROUP: "Do you agree to this?",
    ConsentKind.DATA: "Have you read this, and is it all right for you?",
    ConsentKind.LATER: "If you leave the group, may we ask you later how you are?",
    ConsentKind.GP: "If we worry about you, may we call your GP?",
}
YES: dict[ConsentKind, str] = {
    ConsentKind.GROUP: "Yes, I agree to keep to it",
    ConsentKind.DATA: "Yes, I have read it",
    ConsentKind.LATER: "Yes, you may ask me",
    ConsentKind.GP: "Yes, you may call them",
}
NO: dict[ConsentKind, str] = {
    ConsentKind.GROUP: "No, or I am not sure",
    ConsentKind.DATA: "No, or I am not sure",
    ConsentKind.LATER: "No, do not ask me",
    ConsentKind.GP: "No, talk to me first",
}
NAMES: dict[ConsentKind, str] = {
    ConsentKind.GROUP: "Group agreement",
    ConsentKind.DATA: "Use of data",
    ConsentKind.LATER: "Questions after leaving the group",
    ConsentKind.GP: "Calling the GP when we worry",
}
"""As staff call them."""
STANDS: dict[Stand, str] = {
    Stand.AGREED: "Said yes",
    Stand.REFUSED: "Said no",
    Stand.OPEN: "Has not answered",
}
