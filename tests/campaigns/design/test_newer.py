"""Two drafts of one campaign: the second is told what came, decides, and loses nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.design import operations, queries
from campaigns.design.rules import merging
from campaigns.models import CampaignVersion, Draft
from portal.models import AuditEntry, Staff
from tests.factories.campaigns import AT, TIER, approved
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]

BASE = {"name": "a", "era": "2.0", "budget": {"total": "1.00"}, "rewards": {"tiers": [1]}}


@pytest.mark.parametrize(("mine", "theirs", "give_way", "expected", "clashes", "taken"), [
    ({}, {}, (), {}, [], []),
    ({"name": "b"}, {}, (), {"name": "b"}, [], []),
    ({}, {"name": "b"}, (), {"name": "b"}, [], ["name"]),
    ({"name": "b"}, {"name": "b"}, (), {"name": "b"}, [], []),
    ({"name": "b"}, {"era": "3.0"}, (), {"name": "b", "era": "3.0"}, [], ["era"]),
    ({"name": "b"}, {"name": "c"}, (), {"name": "b"}, ["name"], []),
    ({"name": "b"}, {"name": "c"}, ("name",), {"name": "c"}, ["name"], ["name"]),
    # Fields of a budget are looked at one by one; empty and absent are the same.
    ({"budget": {"total": "2.00"}}, {"budget": {"total": "1.00", "per_day": "3.00"}}, (),
     {"budget": {"total": "2.00", "per_day": "3.00"}}, [], ["budget.per_day"]),
    ({"budget": {"total": "1.00", "per_day": None}, "branches": []}, {}, (),
     {"budget": {"total": "1.00", "per_day": None}, "branches": []}, [], []),
    ({"budget": {}}, {"budget": {"total": "2.00"}}, (), {"budget": {"total": None}},
     ["budget.total"], []),
    ({"rewards": {"tiers": [1, 2]}}, {"rewards": {"tiers": [1, 3], "mode": "each"}},
     ("rewards.tiers",), {"rewards": {"tiers": [1, 3], "mode": "each"}}, ["rewards.tiers"],
     ["rewards.tiers", "rewards.mode"]),
    # What gives way where nothing clashes is not taken from the other.
    ({"name": "b"}, {}, ("name",), {"name": "b"}, [], []),
])  # fmt: skip
def test_what_one_changed_is_taken_and_what_both_did_is_for_a_person(
    mine: dict[str, Any], theirs: dict[str, Any], give_way: tuple[str, ...],
    expected: dict[str, Any], clashes: list[str], taken: list[str],
) -> None:  # fmt: skip
    found = merging.merge(BASE, BASE | mine, BASE | theirs, frozenset(give_way))
    assert found.content == BASE | expected
    assert [one.place for one in found.clashes] == clashes
    assert found.taken == taken


def person() -> Staff:
    return StaffFactory(role="campaign_manager")


def edit(version: CampaignVersion, **changes: Any) -> Draft:
    owner = person()
    found = operations.edit_version(version=version, owner=owner, at=AT)
    return operations.keep(
        draft_id=found.pk, revision=1, content=found.content | changes, actor=owner, at=AT
    )


def save(found: Draft) -> CampaignVersion:
    found.refresh_from_db()
    return operations.save_version(
        draft_id=found.pk, revision=found.revision, actor=found.owner, at=AT
    )


def settle(found: Draft, newest: int, *, is_rebased: bool, give_way: tuple[str, ...] = ()) -> Draft:
    found.refresh_from_db()
    return operations.settle_newer(
        draft_id=found.pk, revision=found.revision, newest=newest, is_rebased=is_rebased,
        give_way=give_way, actor=found.owner, at=AT,
    )  # fmt: skip


def two(mine: dict[str, Any], theirs: dict[str, Any]) -> tuple[Draft, CampaignVersion]:
    """A draft, and the version that another draft of the same version became meanwhile."""
    version = approved()
    first, second = edit(version, **mine), edit(version, **theirs)
    newer = save(second)
    with pytest.raises(operations.VersionAppeared, match="2"):
        save(first)
    first.refresh_from_db()
    assert (first.revision, CampaignVersion.objects.count()) == (2, 2)
    return first, newer


def test_the_second_goes_on_from_the_first_with_what_each_changed() -> None:
    mine, newer = two({"era": "3.0"}, {"name_en": "Theirs"})
    settle(mine, 2, is_rebased=True)
    mine.refresh_from_db()
    assert (mine.based_on, mine.seen_number, mine.revision) == (newer, 2, 3)
    # Nobody approved what is taken over: who wrote it is an author here too.
    assert {one.staff for one in mine.writers.all()} == {mine.owner, newer.created_by}
    version = save(mine)
    assert (version.number, version.content["era"], version.content["name_en"]) == (
        3, "3.0", "Theirs",
    )  # fmt: skip


@pytest.mark.parametrize(("give_way", "name"), [((), "Mine"), (("name_en",), "Theirs")])
def test_what_both_changed_is_as_the_author_decides(give_way: tuple[str, ...], name: str) -> None:
    mine, _newer = two({"name_en": "Mine", "era": "3.0"}, {"name_en": "Theirs"})
    settle(mine, 2, is_rebased=True, give_way=give_way)
    version = save(mine)
    assert (version.content["name_en"], version.content["era"]) == (name, "3.0")
    entry = AuditEntry.objects.get(action="campaign_draft.settled")
    assert entry.changes["left_out"] == ({"name_en": "Mine"} if give_way else {})


def test_a_draft_that_is_kept_becomes_the_next_version_as_it_is() -> None:
    mine, newer = two({"era": "3.0"}, {"name_en": "Theirs"})
    settle(mine, 2, is_rebased=False)
    version = save(mine)
    assert (version.number, version.content["name_en"]) == (3, "First gift")
    newer.refresh_from_db()
    assert newer.content["name_en"] == "Theirs"


def test_one_that_comes_between_looking_and_deciding_is_told_again() -> None:
    mine, _newer = two({"era": "3.0"}, {"name_en": "Theirs"})
    save(edit(CampaignVersion.objects.get(number=2), name_en="Third"))
    with pytest.raises(operations.VersionAppeared):
        settle(mine, 2, is_rebased=False)
    mine.refresh_from_db()
    assert (mine.seen_number, mine.revision) == (1, 2)


def test_nobody_is_told_of_a_version_that_says_the_same_or_was_there_before() -> None:
    version = approved()
    first, second = edit(version, era="3.0"), edit(version, era="3.0")
    saved = save(first)
    assert save(second) == saved
    later = edit(version, era="4.0")
    assert (later.based_on, later.seen_number) == (version, 2)
    assert save(later).number == 3


def test_the_pages_say_what_came_and_carry_the_decision(client_of: Clients) -> None:
    mine, newer = two(
        {"rewards": {"mode": "highest", "tiers": [TIER | {"value": "12.00"}]}, "era": "3.0"},
        {"rewards": {"mode": "highest", "tiers": [TIER | {"value": "15.00"}]}, "name_en": "Theirs"},
    )
    client = client_of(mine.owner)
    client.post(reverse("set_language"), {"language": "en"})
    page = client.get(reverse("design_basics", args=[mine.pk]))
    assert page.context["newer"] == [newer]
    sent = {"revision": mine.revision}
    refused = client.post(reverse("design_save", args=[mine.pk]), sent)
    url = reverse("design_newer", args=[mine.pk])
    assert refused.url == url
    page = client.get(url)
    text = page.content.decode()
    assert [place for place, _said in page.context["newer"].clashes] == ["rewards.tiers"]
    assert "¥12" in text
    assert "¥15" in text
    decided = sent | {"newest": "2", "way": "rebase", "part:rewards.tiers": "theirs"}
    for newest in ("", "x", "1", "99999999999"):
        wrong = client.post(reverse("design_settle", args=[mine.pk]), decided | {"newest": newest})
        assert wrong.url == url
    answer = client.post(reverse("design_settle", args=[mine.pk]), decided)
    assert answer.url == reverse("design_review", args=[mine.pk])
    mine.refresh_from_db()
    saved = client.post(reverse("design_save", args=[mine.pk]), {"revision": mine.revision})
    version = CampaignVersion.objects.get(number=3)
    assert saved.url == reverse("campaign_version", args=[version.pk])
    assert version.content["rewards"] == newer.content["rewards"]
    assert (version.content["name_en"], version.content["era"]) == ("Theirs", "3.0")


def test_a_draft_that_is_not_whole_is_shown_and_settled_too(client_of: Clients) -> None:
    mine, newer = two({"era": "3.0"}, {"name_en": "Theirs", "budget": {"total": "2000000.00"}})
    operations.keep(
        draft_id=mine.pk, revision=2, content=mine.content | {"name": ""}, actor=mine.owner, at=AT
    )
    page = client_of(mine.owner).get(reverse("design_newer", args=[mine.pk]))
    assert page.context["newer"].mine is None
    settle(mine, 2, is_rebased=True)
    mine.refresh_from_db()
    assert queries.plan_of(mine) is None
    assert mine.content["name_en"] == "Theirs"
    assert mine.content["budget"]["total"] == newer.content["budget"]["total"]
