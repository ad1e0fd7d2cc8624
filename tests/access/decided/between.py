"""What somebody decided of the pages between sessions: the permission of each."""

BETWEEN: dict[str, str] = {
    "exercise_sheet.pdf": "practice.write",
    "practice.change": "practice.write",
    "practice.correct": "practice.write",
    "practice.delete": "practice.write",
    "practice.put_back": "practice.write",
    "practice.show": "practice.write",
    "practice.take": "practice.write",
    "practice.take_out": "practice.write",
    "practice.write": "practice.write",
    "prescribed.pick": "exercise.prescribe",
    "prescribed.show": "exercise.prescribe",
    "prescribed.stop": "exercise.prescribe",
    "relaxing.show": "practice.write",
    "relaxing.sound": "practice.write",
    "week.show": "practice.write",
}
