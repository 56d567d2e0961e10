"""Cards about to fall asleep, as the audience of a draft."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.design.models import Draft
from campaigns.models import Decision
from journeys.activity import queries as activity
from journeys.activity.operations import settle_marks
from journeys.activity.rules import USUAL
from portal.staff.access import Scope
from tests.factories.activity import ago, used_card
from tests.factories.campaigns import ON, draft, dry_run
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db


def test_a_draft_begins_with_the_cards_that_the_page_lists(
    client_of: Callable[..., Client],
) -> None:
    used_card(ago(900))
    person = StaffFactory(role="campaign_manager")
    sent = {"months": "18", "within_days": "60"}
    answer = client_of(person).post(reverse("design_waking"), sent)
    draft = Draft.objects.get()
    assert answer.headers["Location"] == reverse("design_audience", args=[draft.pk])
    assert draft.owner == person
    assert draft.content["objective"] == "retain"
    assert draft.content["issued_from"] == ago(900).isoformat()
    assert draft.content["rule"]["all"][0] == {
        "kind": "falling_asleep", "months": 18, "within_days": 60,
    }  # fmt: skip


def test_who_is_listed_is_whom_the_campaign_reaches() -> None:
    """The condition asks the transactions, the list the days of rest: of whatever day, month's ends
    included, they are the same cards."""
    rests = [dt.date(2024, 12, 1) + dt.timedelta(days=number) for number in range(0, 75)]
    cards = {day: used_card(dt.date(2023, 5, 5), day, activated_date=day) for day in rests}
    settle_marks()
    rule = {"all": [{"kind": "falling_asleep", "months": 18, "within_days": 30}]}
    run = dry_run(draft(rule=rule, issued_from="2023-01-01", issued_to="2024-01-01"))
    reached = Decision.objects.filter(run=run, outcome="qualified").values_list("card", flat=True)
    listed = activity.falling_asleep(
        asked=activity.Asked(Scope("")), on=ON, days=30, limits=USUAL
    ).values_list("card", flat=True)
    assert set(reached) == set(listed)
    assert 25 < len(listed) < len(cards) - 25


@pytest.mark.parametrize(
    "sent",
    [{}, {"months": "18"}, {"months": "0", "within_days": "30"},
     {"months": "18", "within_days": "367"}],
)  # fmt: skip
def test_what_the_page_does_not_say_begins_nothing(
    client_of: Callable[..., Client], sent: dict[str, str]
) -> None:
    assert client_of("campaign_manager").post(reverse("design_waking"), sent).status_code == 404
    assert not Draft.objects.exists()
