"""The second of two editors reads what the other one changed, in the words of the form, and nothing else."""

import re

from tests.programme.editing.desk import Desk, change, fields

SECTION = "sessions/3/sections/s3-exercise"


def told(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<h3 class="btl-h3">Saved now: ([^<]+)</h3>\s*<p class="btl-p">([^<]*)</p>', page)


def test_what_the_other_chose_is_said_in_words_and_what_nobody_changed_is_not(desk: Desk) -> None:
    address = f"{desk.begin()}/{SECTION}"
    early = fields(desk.other.get(address).text)
    change(desk.lead, address, exercise_0="ex-heel-raise", work_0="50")
    answer = desk.other.post(address, data=early | {"title": "Typed by Lee", "work_0": "55"})
    assert (answer.status_code, told(answer.text)) == (
        409,
        [("Station 1", "Heel raise"), ("Station 1: seconds of work", "50")],
    )


def test_after_several_saves_all_that_changed_is_said_and_what_is_typed_the_same_is_not(desk: Desk) -> None:
    address = f"{desk.begin()}/{SECTION}"
    early = fields(desk.other.get(address).text)
    change(desk.lead, address, exercise_0="ex-heel-raise")
    change(desk.lead, address, title="Grace was here", rest_1="14")
    change(desk.lead, address, patient_text="Both typed this.")
    answer = desk.other.post(address, data=early | {"patient_text": "Both typed this."})
    assert told(answer.text) == [
        ("Title", "Grace was here"),
        ("Station 1", "Heel raise"),
        ("Station 2: seconds of rest", "14"),
    ]
    again = desk.other.post(address, data=fields(answer.text))
    assert again.status_code == 302


def test_another_order_is_said(desk: Desk) -> None:
    address = f"{desk.begin()}/sessions/3/order"
    page = desk.other.get(address).text
    early = fields(page)
    names = re.findall(r">\s*([^<>]+): place\s*<", page)
    change(desk.lead, address, order_0="2")
    answer = desk.other.post(address, data=early)
    assert answer.status_code == 409
    assert (f"{names[1]}: place", "1") in told(answer.text)
    assert not [label for label, _ in told(answer.text) if label.startswith(names[3])]
