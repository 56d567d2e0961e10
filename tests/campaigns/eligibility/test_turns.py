"""Live runs take turns: rounds in the order of their start, within a round by priority."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import queries
from campaigns.eligibility.operations.working import decide_chunk
from campaigns.models import CampaignVersion, Run
from campaigns.planning import operations as planning
from portal.kit import clock
from tests.campaigns.rewards.test_elsewhere import started, worked
from tests.campaigns.rewards.test_groups import group, of_group
from tests.factories.campaigns import AT, ON, card_in_use
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db

EARLIER = ON - dt.timedelta(days=1)


def campaigns(*ranks: tuple[str, int], **changes: Any) -> dict[str, CampaignVersion]:
    return {code: of_group(code, None, priority=rank, **changes) for code, rank in ranks}


def evening(on: dt.date = ON, at: dt.datetime = AT) -> eligibility.Evening:
    return eligibility.start_evening(on=on, started_by=None, at=at)


def order(found: eligibility.Evening) -> list[str]:
    return [run.version.campaign.code for run in found.runs]


def decide(run: Run) -> None:
    for chunk in run.chunks.all():
        decide_chunk(chunk.pk, lambda: AT)


def test_an_evening_goes_by_priority_then_by_code_and_waits_for_all_to_be_decided() -> None:
    campaigns(("m", 50), ("z", 3), ("c", 50), ("b", 70))
    card_in_use()
    found = evening()
    assert (order(found), found.refused) == (["z", "c", "m", "b"], [])
    first, *others = found.runs
    assert {run.together_with_id for run in others} == {first.pk}
    decide(first)
    assert not queries.is_its_turn(first.pk), "the others are not decided yet"
    for run in others:
        decide(run)
    for place, run in enumerate(found.runs):
        left = [queries.is_its_turn(one.pk) for one in found.runs[place:]]
        assert left == [True, *[False] * (len(left) - 1)]
        worked(run)
    assert not queries.held_back()


def test_a_later_round_is_not_even_decided_before_the_one_before_it_is_over() -> None:
    versions = campaigns(("low", 90), ("high", 0))
    card_in_use()
    runs = [started(versions["low"]), started(versions["high"])]
    assert queries.held_back() == [runs[1].pk]
    chunk = runs[1].chunks.get()
    eligibility.work_chunk(chunk_id=chunk.pk, now=lambda: AT)
    chunk.refresh_from_db()
    assert (chunk.state, chunk.attempts) == ("pending", 0)
    assert queries.runs_waited_for(runs[1]) == [runs[0]]
    assert eligibility.sweep_runs(at=AT + dt.timedelta(minutes=1)) == 1, "the first one's alone"
    # Who works off the later one works off what it waits for.
    worked(runs[1])
    assert [Run.objects.get(pk=run.pk).state for run in runs] == ["done", "done"]


def test_what_comes_next_is_asked_for_when_its_turn_has_come() -> None:
    campaigns(("a", 1), ("b", 2))
    card_in_use()
    a, b = evening().runs
    chunks = {run.pk: run.chunks.get().pk for run in (a, b)}
    decide(b)
    assert queries.chunks_next(b.pk) == [], "a is not decided yet, and was asked for already"
    decide(a)
    assert (queries.chunks_next(b.pk), queries.chunks_next(a.pk)) == ([chunks[a.pk]], [])
    eligibility.work_chunk(chunk_id=chunks[a.pk], now=lambda: AT)
    assert queries.chunks_next(a.pk) == [chunks[b.pk]]
    later = of_group("later", None)
    run = started(later)
    eligibility.work_chunk(chunk_id=chunks[b.pk], now=lambda: AT)
    assert queries.chunks_next(b.pk) == [run.chunks.get().pk], "all of the next round"


def test_by_hand_what_comes_first_in_the_group_must_have_run() -> None:
    one = group()
    a, b = of_group("a", one, priority=10), of_group("b", one, priority=20)
    card_in_use()
    with pytest.raises(eligibility.OutOfTurn) as refused:
        started(b)
    assert "a" in str(refused.value)
    assert "10" in str(refused.value)
    assert not Run.objects.exists()
    worked(started(a, EARLIER))
    with pytest.raises(eligibility.OutOfTurn):
        started(b)
    started(b, EARLIER)
    Run.objects.all().update(state="done", finished_at=AT)
    started(a)
    assert started(b).is_running, "it waits behind the one that is going"


@pytest.mark.parametrize("why", ["stopped", "over", "to come", "other group", "equal, later code"])
def test_who_does_not_come_first_is_not_waited_for(why: str) -> None:
    one = group()
    changes: dict[str, Any] = {
        "over": {"runs_to": "2026-06-30"}, "to come": {"runs_from": "2026-07-01"},
        "equal, later code": {"priority": 20},
    }.get(why, {})  # fmt: skip
    code = "z" if why == "equal, later code" else "a"
    named = group() if why == "other group" else one
    first = of_group(code, named, **{"priority": 10} | changes)
    b = of_group("b", one, priority=20)
    card_in_use()
    if why == "stopped":
        planning.stop_campaign(
            campaign_id=first.campaign_id, reason="x", actor=StaffFactory(role="compliance"), at=AT
        )
    assert started(b).is_running


def test_an_evening_leaves_out_what_has_run_and_says_what_it_may_not_start() -> None:
    versions = campaigns(("ran", 1), ("mine", 2))
    campaigns(("future", 3), runs_from="2026-07-01")
    card_in_use()
    worked(started(versions["ran"]))
    found = evening()
    assert (order(found), found.refused) == (["mine"], [])
    assert evening() == eligibility.Evening()
    texts = eligibility.start_evening(on=ON + dt.timedelta(days=1), started_by=None, at=AT)
    assert not texts.runs
    assert len(texts.refused) == 3


@pytest.mark.parametrize(("begins", "before", "started"), [
    (None, dt.timedelta(), None), (dt.time(21, 30), dt.timedelta(minutes=1), None),
    (dt.time(21, 30), dt.timedelta(), ["a", "b"]),
    (dt.time(21, 30), -dt.timedelta(hours=2), ["a", "b"]),
])  # fmt: skip
def test_the_evening_begins_by_the_clock_of_the_bank(
    begins: dt.time | None, before: dt.timedelta, started: list[str] | None
) -> None:
    campaigns(("b", 9), ("a", 8))
    card_in_use()
    at = clock.start_of(ON) + dt.timedelta(hours=21, minutes=30) - before
    found = eligibility.start_due_evening(begins=begins, at=at)
    assert (found and order(found)) == started
    assert Run.objects.count() == len(started or [])
    if started:
        assert {run.on_date for run in Run.objects.all()} == {ON}
        assert eligibility.start_due_evening(begins=begins, at=at) == eligibility.Evening()


def test_the_page_of_the_evening_starts_it(client: Any, time_machine: Any) -> None:
    time_machine.move_to(AT)
    campaigns(("b", 9), ("a", 8))
    card_in_use()
    client.force_login(StaffFactory(role="campaign_manager", language="en"))
    page = client.get(reverse("evening_start"))
    assert [line[0].code for line in page.context["lines"]] == ["a", "b"]
    wrong = client.post(reverse("evening_start"), {"on": "x"})
    assert "on" in wrong.context["form"].errors
    assert not Run.objects.exists()
    client.post(reverse("evening_start"), {"on": ON.isoformat()})
    codes = Run.objects.order_by("id").values_list("campaign__code", flat=True)
    assert list(codes) == ["a", "b"]
    again = client.post(reverse("evening_start"), {"on": ON.isoformat()})
    assert again.context["form"].non_field_errors()
