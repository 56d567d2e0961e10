"""The telemarketer's desk and the branch manager's pool, by their pages."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from journeys.models import Lead, LeadAssignment, LeadHold, LeadMove, PoolPolicy
from journeys.telemarketing import operations
from portal.kit import clock
from portal.models import Branch, Staff
from tests.factories.journeys import ContactRuleFactory
from tests.factories.leads import FACTS, caller, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.journeys.telemarketing.test_next import lead

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


@pytest.fixture
def branch() -> Branch:
    ContactRuleFactory(opens=dt.time(0), closes=dt.time(0))  # whenever the tests run
    set_policy()
    return BranchFactory()


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def press(client: Client, name: str, data: Any = None, **arguments: Any) -> list[str]:
    """What the page says after a button was pressed."""
    answer = client.post(reverse(name, kwargs=arguments), data or {}, follow=True)
    assert answer.status_code == 200
    return said(answer)


def test_one_key_gives_the_next_lead_and_a_call_is_noted(
    branch: Branch, client_of: ClientOf
) -> None:
    me = caller(branch, language="en")
    one = lead(branch)
    client = client_of(me)
    page = client.get(reverse("lead_desk")).content.decode()
    assert page.count('accesskey="n" autofocus') == 1
    assert press(client, "lead_next") == []
    page = client.get(reverse("lead_desk")).content.decode()
    one.refresh_from_db()
    assert one.held_until is not None
    until = timezone.localtime(one.held_until)
    assert (f"Yours alone until {until:%H:%M}" in page, "李**" in page, one.name in page) == (
        True, True, False,
    )  # fmt: skip
    tomorrow = timezone.localtime(clock.now() + dt.timedelta(days=1)).replace(
        second=0, microsecond=0
    )
    assert "Priority 50 of 100, call 1 of 6." in page
    promise = {
        "disposition": "promised", "next_step": "callback",
        "promised_at": f"{tomorrow:%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    assert press(client, "lead_wrap", promise) == [
        "The call is wrapped up, and the lead is put down."
    ]
    one.refresh_from_db()
    assert (one.owner, one.attempts, one.promised_at) == (
        me, 1, tomorrow,
    )  # fmt: skip
    assert press(client, "lead_end", {"state": "won"}, lead_id=one.pk) == ["The lead has ended."]
    assert press(client, "lead_end", {"state": "moon"}, lead_id=one.pk) == [
        "Say whether the person applied, or the lead is closed."
    ]


def test_each_refusal_is_a_sentence(branch: Branch, client_of: ClientOf) -> None:
    me = StaffFactory(role="telemarketer", branch=branch, language="en")
    client = client_of(me)
    (words,) = press(client, "lead_next")
    assert words.startswith("You have no qualification for selling cards")
    data = {"disposition": "no_answer", "next_step": "again"}
    assert press(client, "lead_wrap", data) == [words]
    assert press(client, "lead_wrap") == ["Choose what the call came to. Choose what comes next."]
    odd = {"disposition": "interested", "next_step": "again", "promised_at": "soon"}
    assert press(client, "lead_wrap", odd) == [
        "Choose what the call came to. Give the day and time of the promise."
    ]
    held = lead(branch, owner=caller(branch))
    assert client.post(reverse("lead_claim", args=[held.pk])).status_code == 404
    qualified = client_of(caller(branch, language="en"))
    assert press(qualified, "lead_next") == [
        "There is no lead to call at this moment, neither of your own nor in the pool. Come back "
        "later, or ask the branch manager."
    ]
    free = lead(branch)
    operations.next_lead(caller=caller(branch), at=clock.now())
    assert press(qualified, "lead_claim", lead_id=free.pk) == [
        "Somebody has this lead in hand at this moment; choose another one."
    ]


def test_what_was_typed_stays_where_the_wrap_up_is_refused(
    branch: Branch, client_of: ClientOf
) -> None:
    me = caller(branch, language="en")
    one, client = lead(branch), client_of(me)
    typed = {"disposition": "refused", "next_step": "do_not_call", "note": "打 13912345678"}
    assert client.post(reverse("lead_draft"), typed).status_code == 409
    press(client, "lead_next")
    assert client.post(reverse("lead_draft"), {"disposition": "busy"}).status_code == 204
    page = client.get(reverse("lead_desk"))
    assert page.context["wrap"]["disposition"].value() == "busy"
    (words,) = press(client, "lead_wrap", typed)
    assert words.startswith("Write down what the person said")
    page = client.get(reverse("lead_desk"))
    wrap = page.context["wrap"]
    assert [wrap[name].value() for name in ("disposition", "next_step", "note", "words")] == [
        "refused", "do_not_call", "打 139****5678", "",
    ]  # fmt: skip
    assert "This was typed before." in page.content.decode()
    press(client, "lead_wrap", {**typed, "words": "别再打"})
    one.refresh_from_db()
    assert one.state == "lost"
    told = client.get(reverse("lead_page", args=[one.pk])).content.decode()
    assert "Never to be contacted again" in told
    assert "“别再打” 打 139****5678" in told


def test_a_lead_is_taken_from_the_pool_and_put_back(branch: Branch, client_of: ClientOf) -> None:
    me = caller(branch, language="en")
    one, client = lead(branch), client_of(me)
    page = client.get(reverse("lead_desk"))
    assert list(page.context["page"].rows) == [one]
    assert press(client, "lead_claim", lead_id=one.pk) == ["The lead is yours now."]
    page = client.get(reverse("lead_desk"))
    assert (page.context["mine"], list(page.context["page"].rows)) == ([one], [])
    assert press(client, "lead_release", lead_id=one.pk) == ["The lead is in the pool again."]
    (words,) = press(client, "lead_claim", lead_id=one.pk)
    assert words.startswith("This person had the lead before")
    # Nor is it the next one; another is.
    other = lead(branch)
    press(client, "lead_next")
    assert press(client, "lead_put_down") == ["Put down. No call was counted."]
    hold = LeadHold.objects.get()
    assert (hold.lead, hold.end) == (other, "put_down")


@pytest.mark.parametrize(("sight", "words"), [
    ("branch", "New leads come with lists"), ("given", "the branch manager assigns leads"),
])  # fmt: skip
def test_an_empty_pool_says_what_to_do(
    branch: Branch, client_of: ClientOf, sight: str, words: str
) -> None:
    set_policy(branch, sight=sight)
    page = client_of(caller(branch, language="en")).get(reverse("lead_desk")).content.decode()
    assert words in page
    assert "Ask for the next lead, or take one from the pool below." in page


def boss_of(branch: Branch) -> Staff:
    return StaffFactory(role="branch_manager", branch=branch, language="en")


def test_the_manager_assigns_and_each_lead_says_why(branch: Branch, client_of: ClientOf) -> None:
    one, two = caller(branch, language="en"), caller(branch)
    leads = [lead(branch, priority=90 - place) for place in range(5)]
    client = client_of(boss_of(branch))
    data = {
        "count": 4, f"weight_{one.pk}": 2, f"quota_{one.pk}": "", f"weight_{two.pk}": 1,
        f"quota_{two.pk}": 1,
    }  # fmt: skip
    assert press(client, "lead_assign", data) == ["Assigned: 4 of 4. Each lead's page says why."]
    owners = Lead.objects.order_by("-priority").values_list("owner", flat=True)
    assert list(owners) == [one.pk, two.pk, one.pk, one.pk, None]
    page = client.get(reverse("lead_page", args=[leads[3].pk])).content.decode()
    assert "Lead 4 of the assignment: had 2 of them by then, with weight 2 of 3." in page
    pool = client.get(reverse("lead_pool"))
    assert [(row.pk, row.held) for row in pool.context["people"]] == [(one.pk, 3), (two.pk, 1)]
    answer = client.post(reverse("lead_assign"), {"count": 0})
    assert (answer.status_code, LeadAssignment.objects.count()) == (422, 1)
    nobody = {**data, f"weight_{one.pk}": 0, f"weight_{two.pk}": 0}
    assert press(client, "lead_assign", nobody) == [
        "Choose who gets leads: each person once, with a weight from 1 on."
    ]


def test_the_manager_takes_back_and_hands_over(branch: Branch, client_of: ClientOf) -> None:
    old, new = caller(branch), caller(branch)
    first, second = lead(branch, owner=old), lead(branch, owner=old)
    client = client_of(boss_of(branch))
    back = {"leads": [first.pk], "why": "休假"}
    assert press(client, "lead_take_back", back, username=old.username) == [
        "Taken back into the pool: 1."
    ]
    over = {"leads": [second.pk], "why": "休假", "to": [new.pk]}
    assert press(client, "lead_take_back", over, username=old.username) == ["Handed over: 1."]
    rows = Lead.objects.order_by("pk").values_list("owner", flat=True)
    assert list(rows) == [None, new.pk]
    assert LeadMove.objects.filter(path="take_back", why="休假").count() == 2
    url = reverse("lead_take_back", args=[new.username])
    assert client.post(url, {"leads": [first.pk], "why": "x"}).status_code == 422
    stranger = client_of(boss_of(BranchFactory()))
    assert stranger.post(url, over).status_code == 404


def test_the_manager_sets_the_policy(branch: Branch, client_of: ClientOf) -> None:
    client = client_of(boss_of(branch))
    data = {**FACTS, "claim_cap": 7, "effective_date": str(clock.today()), "source": "行务会"}
    assert press(client, "pool_policy", data) == ["Kept."]
    row = PoolPolicy.objects.get(branch=branch)
    assert (row.claim_cap, row.sight, row.source) == (7, "branch", "行务会")
    answer = client.post(reverse("pool_policy"), data)
    assert answer.status_code == 422
    assert "A policy from this day on is set already" in answer.content.decode()
    page = client.get(reverse("lead_pool")).content.decode()
    assert "Open leads at most 7." in page
    head = client_of(StaffFactory(role="branch_manager", language="en"))
    assert press(head, "pool_policy", data) == ["Kept."]
    assert PoolPolicy.objects.get(effective_date=clock.today(), branch=None).claim_cap == 7
