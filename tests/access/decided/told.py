"""The same for what the programme says: guides, its sessions, the welcome pack."""

from tests.access.decided.roles import PUBLIC

TOLD: dict[str, str] = {
    "course.bring_back": "course.withdraw",
    "course.everybody": "course.read",
    "course.show": "course.do",
    "course.sign": "course.do",
    "course.take_back": "course.do",
    "course.tick": "course.do",
    "course.withdraw": "course.withdraw",
    "guide_words.overview": "wording.sign",
    "guide_words.show": "wording.sign",
    "guide_words.sign": "wording.sign",
    "guide_words.withdraw": "wording.sign",
    "guides.find": PUBLIC,
    "guides.shelf": PUBLIC,
    "guides.show": PUBLIC,
    "guides.urgent": PUBLIC,
    "programme_told.about": PUBLIC,
    "programme_told.session": "programme.read",
    "programme_told.staff_guide": "staff_guide.read",
    "programme_told.welcome": "programme.read",
}
