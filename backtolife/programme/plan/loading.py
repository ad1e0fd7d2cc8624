"""Loading a whole programme from a folder: read, checked, and either sound or refused with file, line and rule."""

from functools import cache
from pathlib import Path

from backtolife.programme.plan.about_read import read_about, read_review
from backtolife.programme.plan.material import Guide
from backtolife.programme.plan.material_read import (
    read_exercises,
    read_folder,
    read_guide,
    read_messages,
    read_relaxation,
    read_translations,
    read_video,
)
from backtolife.programme.plan.template import Programme
from backtolife.programme.plan.template_check import check
from backtolife.programme.plan.template_read import (
    read_group,
    read_milestones,
    read_music,
    read_safety,
    read_schedules,
    read_session,
)
from backtolife.programme.plan.yaml_lines import Marked, read_yaml

SHIPPED = Path(__file__).resolve().parent / "shipped"


@cache
def shipped() -> Programme:
    """The programme that comes with the product, read once."""
    return load(SHIPPED)


def load(folder: Path, *, of_today: bool = True) -> Programme:
    """The programme in `folder` (programme.yaml and what it names). Raises Invalid for the first rule broken.

    One that was kept, not `of_today`, may say what an earlier release read and this one does not.
    """
    document = read_yaml(folder / "programme.yaml", folder)
    libraries = document.at("libraries")
    guides = read_folder(folder, libraries.inner_path("guides"), read_guide, guide_key).values()
    placeholders, messages = read_messages(folder, libraries.inner_path("messages"))
    after = document.at("after_each_session").texts("instruments")
    programme = Programme(
        id=document.text("id"),
        version=document.text("version"),
        language=document.text("language"),
        title=document.text("title"),
        summary=document.text("summary"),
        licence=document.text("licence"),
        review=read_review(document),
        about=read_about(document),
        group=read_group(document),
        safety=read_safety(document),
        schedules=read_schedules(document),
        milestones=read_milestones(document),
        after_each_session=after,
        instrument_fallback=read_fallback(document),
        sessions=tuple(read_session(entry, place) for place, entry in enumerate(document.each("sessions"), start=1)),
        music=read_music(document),
        exercises=read_exercises(folder, libraries.inner_path("exercises")),
        videos=read_folder(folder, libraries.inner_path("videos"), read_video, lambda video: video.id),
        relaxation=read_folder(folder, libraries.inner_path("relaxation"), read_relaxation, lambda script: script.id),
        guides={(guide.id, guide.language): guide for guide in guides},
        placeholders=placeholders,
        messages=messages,
        translations=read_translations(folder, libraries.inner_path("messages"), placeholders, messages),
        agreement=read_guide(folder / "agreement.md", folder),
        consents=read_folder(folder, "consents", read_guide, lambda guide: guide.id),
        welcome=read_guide(folder / "welcome.md", folder),
        facilitator_guide=read_guide(folder / "facilitator-guide.md", folder),
    )
    check(document, programme)
    if of_today:
        document.refuse_unread()
    return programme


def guide_key(guide: Guide) -> str:
    return f"{guide.id}.{guide.language}"


def read_fallback(document: Marked) -> dict[str, str]:
    return {asked: entry.as_text() for asked, entry in document.at("milestone_safety").keyed("fallback")}
