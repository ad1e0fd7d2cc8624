"""A lead changes session 3 and a message in a draft, publishes it, and the next group begins with it."""

import io
import re
import zipfile

import pytest
from sqlmodel import select

from backtolife.audit import AuditEntry
from backtolife.programme.plan.keeping import shipped_files
from tests.programme.editing.desk import Desk, change, fields

SECTION = "sessions/3/sections/s3-exercise"
PROMPTS = "sessions/3/sections/s3-reflection"


def test_a_group_begins_with_what_was_changed_while_another_goes_on_as_it_was(desk: Desk) -> None:
    draft = desk.begin()
    assert change(desk.lead, f"{draft}/{SECTION}", exercise_0="ex-row", work_0="50")[0] == 302
    assert change(desk.lead, f"{draft}/{PROMPTS}", prompts="What helps you?\nAnd what: not?")[0] == 302
    assert change(desk.lead, f"{draft}/messages/invitation", subject="Come to {service_short_name}")[0] == 302
    seen = desk.lead.get(f"{draft}/preview/3/patient").text
    assert "And what: not?" in seen
    assert "50 seconds" in desk.lead.get(f"{draft}/preview/3/facilitator").text
    assert desk.lead.post(f"{draft}/publish", data={"version": "1.1.0"}).status_code == 302
    page = desk.other.get("/groups/new").text
    chosen = re.search(r'<option value="([0-9a-f]{32})" selected\s*>1\.1\.0', page)
    assert chosen, page[page.index("Which version") :][:900]
    assert desk.new_group("Next", chosen[1]) == 302
    new, old = desk.plan_of("Next"), desk.plan_of("Running")
    assert (new.version, old.version) == ("1.1.0", "1.0.0")
    stations = [next(s for s in plan.session(3).sections if s.stations).stations[0] for plan in (new, old)]
    assert [(each.exercise_id, each.work_seconds) for each in stations] == [("ex-row", 50), ("ex-march", 45)]
    assert new.messages["invitation"].subject == "Come to {service_short_name}"
    assert "Next" in desk.lead.get("/programme/versions").text


def test_everything_else_in_the_files_stays_byte_for_byte(desk: Desk) -> None:
    draft = desk.begin()
    change(desk.lead, f"{draft}/{SECTION}", exercise_0="ex-row")
    change(desk.lead, f"{draft}/sessions/4")
    packed = desk.lead.get(f"{draft}/file").data
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    before = shipped_files()
    assert {name for name in before if before[name] != files[name]} == {"programme.yaml"}
    pairs = zip(before["programme.yaml"].split("\n"), files["programme.yaml"].split("\n"), strict=True)
    changed = [pair for pair in pairs if pair[0] != pair[1]]
    assert changed == [("          - exercise: ex-march", "          - exercise: ex-row")]
    assert desk.lead.get(f"{draft}/file").data == packed


def test_the_second_of_two_editors_reads_what_changed_and_keeps_their_words(desk: Desk) -> None:
    address = f"{desk.begin()}/{PROMPTS}"
    early = fields(desk.other.get(address).text)
    change(desk.lead, address, title="Grace was here")
    answer = desk.other.post(address, data=early | {"patient_text": "Typed by Lee"})
    assert (answer.status_code, "Typed by Lee" in answer.text, "Grace was here" in answer.text) == (409, True, True)
    assert "Grace Example" in answer.text
    assert "Grace was here" in desk.draft().files["programme.yaml"]
    assert "Typed by Lee" not in desk.draft().files["programme.yaml"]
    again = desk.other.post(address, data=fields(answer.text) | {"title": "Grace was here"})
    assert again.status_code == 302
    assert "Typed by Lee" in desk.draft().files["programme.yaml"]


@pytest.mark.parametrize(
    ("address", "typed", "told", "field"),
    [
        ("messages/invitation", {"sms": "Hello {first_nme} {link}"}, "first_nme} is not among", "sms"),
        ("messages/invitation", {"email": "Hello {first_name}"}, "{close_date} are missing. The message", "email"),
        ("messages/invitation", {"subject": "Your pain group"}, "no health details", "subject"),
        (SECTION, {"work_3": "900"}, "the circuit takes", "work_0"),
        (SECTION, {"exercise_9": "ex-row"}, "Station 10: seconds of work: enter 5 to 1200", "work_9"),
        ("sessions/3/order", {"minutes_0": "9"}, "must sum to 90", "minutes_0"),
        ("sessions/3", {"title": ""}, "cannot be empty", "title"),
    ],
)
def test_a_broken_rule_is_told_at_its_field_and_nothing_typed_is_lost(
    desk: Desk, address: str, typed: dict[str, str], told: str, field: str
) -> None:
    status, page = change(desk.lead, f"{desk.begin()}/{address}", **typed)
    assert (status, told.lower() in page.lower()) == (400, True), re.findall(r"error[^<]*<[^<]*<[^<]*", page)
    assert f'href="#{field}"' in page
    assert all(value in fields(page)[name] for name, value in typed.items())
    assert desk.draft().revision == 0


def test_a_number_that_is_taken_is_refused_and_a_version_no_more_offered_is_no_choice(desk: Desk) -> None:
    draft = desk.begin()
    assert "There is a version 1.0.0 already" in desk.lead.post(f"{draft}/publish", data={"version": "1.0.0"}).text
    assert 'value="1.1.0"' in desk.lead.get(f"{draft}/publish").text
    desk.lead.post(f"{draft}/publish", data={"version": "1.1.0"})
    page = desk.other.get("/groups/new").text
    found = re.search(r'<option value="([0-9a-f]{32})" selected\s*>1\.1\.0', page)
    assert found
    desk.lead.post(f"/programme/versions/{found[1]}/retire", data={"retired": "yes"})
    assert found[1] not in desk.other.get("/groups/new").text
    assert desk.new_group("Late", found[1]) == 400
    desk.lead.post(f"/programme/versions/{found[1]}/retire", data={"retired": "no"})
    assert found[1] in desk.other.get("/groups/new").text


def test_a_draft_is_put_aside_and_comes_back(desk: Desk) -> None:
    draft = desk.begin()
    desk.lead.post(f"{draft}/discard", data={"discarded": "yes"})
    assert "Put aside" in desk.lead.get("/programme/versions").text
    desk.lead.post(f"{draft}/discard", data={"discarded": "no"})
    assert "Put aside" not in desk.lead.get("/programme/versions").text


def test_each_save_is_on_the_record_and_one_without_a_change_is_none(desk: Desk) -> None:
    draft = desk.begin()
    change(desk.lead, f"{draft}/{PROMPTS}")
    change(desk.lead, f"{draft}/{PROMPTS}", title="Talk")
    with desk.db() as db:
        kept = db.exec(select(AuditEntry).where(AuditEntry.action == "programme_draft_saved")).all()
        assert [each.detail for each in kept] == [{"file": "programme.yaml", "revision": 1}]
