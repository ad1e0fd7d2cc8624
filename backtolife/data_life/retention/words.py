"""What the page and the command say of a proposal."""

from backtolife.data_life.retention.rules import Contact, Obstacle

CONTACTS = {
    Contact.RECORDED: "they were recorded",
    Contact.WAITED: "they were on the waiting list",
    Contact.PLACE: "they got a place in a group",
    Contact.GROUP_ENDED: "a session of their group",
    Contact.LEFT: "they left a group",
    Contact.DISCHARGED: "they were discharged",
    Contact.ANSWERED: "a questionnaire",
    Contact.SPOKEN: "a call",
    Contact.NOTED: "a note about them",
    Contact.TASK_CLOSED: "a safety task was closed",
    Contact.SIGNED_IN: "they were signed in",
    Contact.AGREED: "they said what they agree to",
    Contact.DIED: "their death was recorded",
}
OBSTACLES = {
    Obstacle.HOLD: "A legal hold stands",
    Obstacle.CHILD: "They were under 18 at the last contact: a clinical lead decides by your rules for children",
    Obstacle.PLACE: "They still have a place in a group: write down first that they left it",
    Obstacle.TASK: "A safety task about them is open: close it first",
}
