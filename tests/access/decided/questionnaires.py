"""What somebody decided: who may load, type and sign words, and choose what is asked."""

QUESTIONNAIRES: dict[str, str] = {
    "batteries.choose": "battery.choose",
    "batteries.milestones": "battery.choose",
    "imports.confirm": "wording.import",
    "imports.download": "wording.import",
    "imports.load": "wording.import",
    "imports.overview": "wording.import",
    "imports.empty_form": "wording.import",
    "imports.blank_table": "wording.import",
    "typed.bring_back": "wording.import",
    "typed.correct": "wording.import",
    "typed.load": "wording.import",
    "typed.overview": "wording.import",
    "typed.preview": "wording.import",
    "typed.remove": "wording.import",
    "typed.save": "wording.import",
    "typed.show": "wording.import",
    "typed.start": "wording.import",
    "typed.take_back": "wording.import",
    "words.overview": "wording.sign",
    "words.sign": "wording.sign",
}
