"""A reward for each person brought is built through the form of its tier, saved, and run."""

import pytest
from django.urls import reverse

from campaigns.eligibility.models import Decision
from campaigns.planning.rules import plans
from journeys.models import Customer
from tests.campaigns.design.test_views import Clients, begun, post, run
from tests.factories.journeys import DAY, CardFactory
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db


def test_a_reward_for_each_person_brought_is_added_saved_and_given(client_of: Clients) -> None:
    person = StaffFactory(role="campaign_manager")
    client = client_of(person)
    found = begun(person, rewards={})
    post(client, "design_rewards", found, do="add", mode="each")
    friend = CardFactory(activated_date=DAY, first_used_date=DAY, product__code="OTHER",
                         application__product__code="OTHER")  # fmt: skip
    row_of(
        "journeys.Referral",
        application=friend.application,
        referrer=Customer.objects.earliest("pk"),
    )
    tier = {
        "code": "one", "kind": "gift", "name": "礼", "name_en": "Gift", "value": "7.50",
        "given_for": "person", "most": "5", "for_each-counted_from": "issue", "for_each-days": "65",
        "for_each-last_day": "inside", "for_each-event": "used", "for_each-at_least": "1",
    }  # fmt: skip
    sent = {f"tier0-{name}": value for name, value in tier.items()}
    bad = post(client, "design_rewards", found, mode="each", **sent | {"tier0-for_each-days": ""})
    assert bad.status_code == 422
    response = post(client, "design_rewards", found, mode="each", **sent)
    assert response.url == reverse("design_budget", args=[found.pk])
    shown = client.get(reverse("design_rewards", args=[found.pk])).content.decode()
    assert 'id="div_id_tier0-for_each"' in shown
    version, one = run(found, client)
    (read,) = plans.plan_of(version.content).rewards.tiers
    assert read.for_each is not None
    assert (read.for_each.most, read.for_each.persons.event) == (5, "used")
    decision = Decision.objects.get(run=one, award="granted")
    assert str(decision.awarded) == "7.50"
