"""A programme comes from a file with every byte as it is, or the file, line and name that are wrong are said."""

import html
import io
import re
import zipfile
from collections.abc import Mapping

import pytest
from sqlmodel import select

from backtolife.programme.adopted.models import AdoptedProgramme
from backtolife.programme.editing.models import ProgrammeDraft
from backtolife.programme.plan.keeping import shipped_files
from tests.programme.editing.desk import Desk, change

IMPORT = "/programme/versions/import"
PLAN = shipped_files()["programme.yaml"]
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + at)}: &{chr(98 + at)} [{', '.join([f'*{chr(97 + at)}'] * 9)}]\n" for at in range(9)
)


def a_zip(files: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return made.getvalue()


def plan_with(old: str, new: str) -> dict[str, str | bytes]:
    assert PLAN.count(old) >= 1
    return {**shipped_files(), "programme.yaml": PLAN.replace(old, new, 1)}


def bring(desk: Desk, data: bytes, name: str = "programme.zip", version: str = "") -> tuple[int, str]:
    answer = desk.lead.post(IMPORT, data={"file": (io.BytesIO(data), name), "version": version})
    answer.request.input_stream.close()
    return answer.status_code, answer.location or answer.text


def told(page: str) -> str:
    found = re.search(r'id="file-error"[^>]*>(.*?)<input', page, re.DOTALL)
    assert found, page
    return html.unescape(re.sub(r"<[^>]*>|\s+", " ", found[1]))


def drafts(desk: Desk) -> list[ProgrammeDraft]:
    with desk.db() as db:
        return list(db.exec(select(ProgrammeDraft)))


def test_what_was_downloaded_comes_in_again_byte_for_byte(desk: Desk) -> None:
    draft = desk.begin()
    change(desk.lead, f"{draft}/sessions/3", title="Ours: “moving” é")
    desk.lead.post(f"{draft}/publish", data={"version": "1.1.0"})
    with desk.db() as db:
        row = db.exec(select(AdoptedProgramme).where(AdoptedProgramme.version == "1.1.0")).one()
    packed = desk.lead.get(f"/programme/versions/{row.id}/file")
    assert "programme-1.1.0.zip" in packed.headers["Content-Disposition"]
    status, where = bring(desk, packed.data)
    assert status == 302
    assert desk.draft().files == row.files
    assert desk.lead.get(f"{where}/file").data == packed.data


def test_line_ends_marks_and_files_that_nothing_reads_stay_as_they_are(desk: Desk) -> None:
    files = {
        name: text.replace("\n", "\r\n") if name.startswith("guides") else text
        for name, text in shipped_files().items()
    }
    files |= {"messages.yaml": "\ufeff" + files["messages.yaml"], "notes.md": "Ours.\n\n\n"}
    around = {f"ours/{name}": text.encode() for name, text in files.items()} | {"__MACOSX/ours/._notes.md": b"\xff"}
    assert bring(desk, a_zip(around))[0] == 302
    assert desk.draft().files == files


def test_one_yaml_file_takes_the_place_of_its_kind_whatever_it_is_called(desk: Desk) -> None:
    text = PLAN.replace("title: ", "# ours\ntitle: ", 1)
    assert bring(desk, text.encode(), "programme (2).yaml")[0] == 302
    assert desk.draft().files == {**shipped_files(), "programme.yaml": text}
    assert "programme (2).yaml" in desk.lead.get("/programme/versions").text


def latin(text: str) -> bytes:
    return text.encode().replace(b"summary: ", b"summary: \xe9", 1)


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (a_zip(plan_with("    learning_aims:", "    learning_ams:")), "p.zip", ("programme.yaml, line", "learning_a")),
        (
            a_zip(plan_with("    theme:", "    mood: x\n    theme:")),
            "p.zip",
            ("programme.yaml, line", "mood is not a known name"),
        ),
        (PLAN.replace("    theme:", "    mood: x\n    theme:", 1).encode(), "p.yaml", ("programme.yaml, line", "mood")),
        (a_zip(shipped_files())[:-200], "p.zip", ("no ZIP file, or it is broken",)),
        (a_zip(shipped_files(), zipfile.ZIP_STORED).replace(b"The ", b"Teh ", 1), "p.zip", ("broken",)),
        (b"", "p.zip", ("broken",)),
        (a_zip({}), "p.zip", ("no file in it",)),
        (b"0" * 5_000_001, "p.zip", ("larger than 5 MB",)),
        (a_zip({**shipped_files(), "big.md": b"0" * 2_000_001}), "p.zip", ("big.md", "larger than 2 MB")),
        (a_zip({f"{at}.md": b"0" * 1_900_000 for at in range(6)}), "p.zip", ("larger than 10 MB",)),
        (a_zip({f"{at}.md": b"" for at in range(301)}), "p.zip", ("301 files",)),
        (a_zip({**shipped_files(), "../outside.md": "x"}), "p.zip", ("../outside.md", "leads out")),
        (a_zip({**shipped_files(), "/etc/x.md": "x"}), "p.zip", ("/etc/x.md", "leads out")),
        (a_zip({**shipped_files(), "a.md/b.md": "x", "a.md": "y"}), "p.zip", ("a.md", "twice")),
        (a_zip({**shipped_files(), "run.sh": "x"}), "p.zip", ("run.sh", ".yaml or .md")),
        (a_zip(shipped_files(), zipfile.ZIP_LZMA), "p.zip", ("unusual way",)),
        (
            a_zip(plan_with("messages: messages.yaml", "messages: /etc/passwd")),
            "p.zip",
            ("programme.yaml, line", "messages must be"),
        ),
        (a_zip(plan_with("guides: guides", "guides: ../guides")), "p.zip", ("programme.yaml, line", "guides must be")),
        (a_zip({**shipped_files(), "programme.yaml": BOMB + PLAN}), "p.zip", ("programme.yaml, line 1:", "copies")),
        (("- " * 100_000).encode(), "programme.yaml", ("programme.yaml, line 1:", "inside one another")),
        (("title: " + "[" * 100_000).encode(), "programme.yaml", ("programme.yaml, line 1:", "inside one another")),
        (a_zip({**shipped_files(), "programme.yaml": latin(PLAN)}), "p.zip", ("programme.yaml, line", "not UTF-8")),
        (PLAN.encode("utf-16"), "programme.yaml", ("programme.yaml, line 1:", "not UTF-8")),
        (PLAN.replace("title: ", "title: \x07", 1).encode(), "programme.yaml", ("programme.yaml, line", "U+0007")),
        (PLAN.replace("title: ", "title: \x00", 1).encode(), "programme.yaml", ("programme.yaml, line", "U+0000")),
        (
            PLAN.replace("    theme: ", "    theme: !!python/name:os.system ", 1).encode(),
            "p.yaml",
            ("line", "is a type"),
        ),
        (PLAN.replace("reviewed_on: ", "reviewed_on: 2026-13-45 #", 1).encode(), "p.yaml", ("line", "2026-13-45")),
        (PLAN.replace("id: s1", "id: ../s1", 1).encode(), "programme.yaml", ("programme.yaml, line", "small letters")),
        (b"words: 1", "other.yaml", ("other.yaml", "Name it as one of")),
        (a_zip({"messages.yaml": "x: 1"}), "p.zip", ("programme.yaml", "missing")),
    ],
)
def test_a_bad_file_is_refused_with_file_line_and_name_and_nothing_is_kept(
    desk: Desk, data: bytes, name: str, said: tuple[str, ...]
) -> None:
    status, page = bring(desk, data, name)
    assert (status, [each for each in said if each not in told(page)]) == (400, []), told(page)
    assert drafts(desk) == []


def test_a_file_with_a_password_is_refused(desk: Desk) -> None:
    data = bytearray(a_zip({"programme.yaml": PLAN}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in told(bring(desk, bytes(data))[1])


def test_no_file_chosen_is_said(desk: Desk) -> None:
    answer = desk.lead.post(IMPORT, data={"version": ""})
    assert (answer.status_code, "Choose the file" in answer.text) == (400, True)
