"""Which guides may be read in which language, and how one is found."""

from dataclasses import replace

import pytest

from backtolife.errors import NotFound
from backtolife.programme.guides.rules import best_edition, by_audience, drafts, editions, listed, words_digest
from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.template import Programme

URGENT, FLARE = "guide-urgent-help", "guide-flare-up-plan"


def digest(plan: Programme, guide_id: str, language: str) -> str:
    return words_digest(plan.guides[guide_id, language], plan.guide(guide_id))


def with_body(plan: Programme, guide_id: str, language: str, body: str) -> Programme:
    guide = plan.guides[guide_id, language]
    return replace(plan, guides={**plan.guides, (guide_id, language): replace(guide, body=body)})


def test_a_draft_is_read_in_no_language_but_the_signed_one() -> None:
    plan = shipped()
    assert list(editions(plan, URGENT, ())) == ["en-GB"]
    assert list(editions(plan, URGENT, {digest(plan, URGENT, "ur")})) == ["en-GB", "ur"]


@pytest.mark.parametrize("changed", ["ur", "en-GB"])
def test_other_words_on_either_side_are_a_draft_again(changed: str) -> None:
    plan = shipped()
    signed = {digest(plan, URGENT, "ur")}
    later = with_body(plan, URGENT, changed, plan.guides[URGENT, changed].body + "\n\n1")
    assert list(editions(later, URGENT, signed)) == ["en-GB"]


def test_the_six_shipped_translations_are_drafts() -> None:
    assert [(each.guide.id, each.guide.language) for each in drafts(shipped())] == [
        (guide, language) for guide in (FLARE, URGENT) for language in ("cy", "pl", "ur")
    ]


def test_somebody_reads_their_own_language_as_far_as_it_is_signed() -> None:
    plan = shipped()
    found = editions(plan, URGENT, {digest(plan, URGENT, "ur")})
    assert best_edition(found, "ur-PK").language == "ur"
    assert best_edition(found, "pl").language == "en-GB"
    assert best_edition(found, "").language == "en-GB"


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("WORK", ["guide-active-at-work"]),
        ("bad spell", [FLARE]),
        ("genitals", [URGENT, "guide-acute-back-pain", FLARE]),
        ("nothing like it", []),
    ],
)
def test_a_guide_is_found_by_what_it_is_for_and_by_its_words(words: str, ids: list[str]) -> None:
    found = [each.guide.id for each in listed(shipped(), (), words)]
    assert found[: len(ids)] == ids
    assert bool(found) is bool(ids)


def test_a_signed_translation_is_found_by_its_own_words_and_a_draft_is_not() -> None:
    plan = shipped()
    assert listed(plan, (), "zaostrzenie bólu") == []
    found = listed(plan, {digest(plan, FLARE, "pl")}, "zaostrzenie BOLU")
    assert [(each.guide.id, [other.language for other in each.others]) for each in found] == [(FLARE, ["pl"])]


def test_what_is_for_everyone_comes_first_and_guides_for_staff_are_left_out() -> None:
    plan = shipped()
    staff = replace(plan.facilitator_guide, id="guide-staff")
    groups = by_audience(listed(replace(plan, guides={**plan.guides, ("guide-staff", "en-GB"): staff}), ()))
    assert [each.guide.id for each in groups["Everyone"]] == [URGENT]
    assert next(iter(groups)) == "Everyone"
    assert "guide-staff" not in {each.guide.id for guides in groups.values() for each in guides}


def test_what_is_no_guide_is_not_found() -> None:
    with pytest.raises(NotFound, match="no guide 'guide-none'"):
        editions(shipped(), "guide-none", ())
