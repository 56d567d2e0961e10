"""What is said of decisions whose run was stopped before anything was given."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import queries
from campaigns.eligibility import rules as runs
from campaigns.eligibility.operations.working import decide_chunk
from campaigns.models import Campaign, Decision, FactChange, Run
from campaigns.planning import operations as planning
from tests.campaigns.submission.test_operations import decide, in_force, live
from tests.factories.campaigns import AT, ON, approved, card_in_use, clear, dry_run, hand_in
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]
NOTHING = "This run was stopped before anything was given."


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def said(customer_id: int) -> tuple[int, str, int | None]:
    (one,) = queries.receipts_about(customer_id, today=ON)
    return one.decision.run_id, one.decision.cut_short, one.stopped and one.stopped.pk


def test_the_last_run_that_gave_something_stands_beside_one_that_was_stopped(
    client_of: Clients,
) -> None:
    version = in_force(10)
    first = live(version)
    old = Decision.objects.filter(run=first).earliest("id")
    new = [card_in_use().customer_id for _number in range(2)]
    stopped = live(version)
    assert stopped.gave_nothing
    assert said(old.customer_id) == (first.pk, "", stopped.pk)
    # Nothing else was ever decided about them.
    assert said(new[0]) == (stopped.pk, NOTHING, None)
    client = client_of("campaign_manager")
    client.post(reverse("set_language"), {"language": "en"})
    row = Decision.objects.get(run=stopped, customer=new[0])
    page = client.get(reverse("decision_page", args=[row.pk])).content.decode()
    part = client.get(reverse("customer_receipts", args=[row.customer.number])).content.decode()
    story = client.get(reverse("customer_timeline", args=[row.customer.number])).content.decode()
    assert [NOTHING in text for text in (page, part, story)] == [True, True, True]
    about_old = client.get(reverse("customer_receipts", args=[old.customer.number]))
    assert f"The live run of {ON} was stopped before" in about_old.content.decode()
    # A dry run says more than a run that decided nothing; a later run that gives says all.
    found = dry_run(version)
    assert said(new[0]) == (found.pk, "", stopped.pk)
    hand_in(version)
    decide(version, "approve")
    third = live(version)
    assert third.state == "done"
    assert said(new[0]) == (third.pk, "", None)
    own = set(Decision.objects.filter(run=third).values_list("customer", flat=True))
    assert said(old.customer_id) == (third.pk if old.customer_id in own else first.pk, "", None)
    assert third.base_id in {None, first.pk}


@pytest.mark.django_db(transaction=True)
def test_a_run_on_another_that_was_stopped_leaves_what_stood_before() -> None:
    # Days of tests lie before the day on which the tables were made.
    FactChange.objects.all().delete()
    version = in_force(10)
    first = live(version)
    second = live(version)
    assert second.base_id == first.pk
    customer = Decision.objects.filter(run=first).earliest("id").customer_id
    for _number in range(2):
        card_in_use()
    third = live(version)
    assert (third.base_id, third.gave_nothing) == (first.pk, True)
    (one,) = queries.receipts_about(customer, today=ON)
    assert (one.decision.run_id, one.on, one.stopped) == (first.pk, second.on_date, third)


def test_whose_turn_had_not_come_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "SMALLEST_CHUNK", 1)
    monkeypatch.setattr(runs, "CHUNKS_WANTED", 2)
    version = approved()
    good = [card_in_use(), card_in_use()]
    poor = card_in_use(spent="1.00")
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    for chunk in run.chunks.order_by("number"):
        decide_chunk(chunk.pk, lambda: AT)
    clear(run)
    planning.stop_campaign(
        campaign_id=Campaign.objects.get().pk, reason="x",
        actor=StaffFactory(role="compliance"), at=AT,
    )  # fmt: skip
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    run = Run.objects.get()
    assert (run.state, run.gave_nothing) == ("stopped", False)
    assert said(good[0].customer_id)[:2] == (
        run.pk, "This run ended before anything was given to this customer.",
    )  # fmt: skip
    assert said(poor.customer_id)[:2] == (run.pk, "")
