"""Each reward and each limit that the forms offer is set, saved, and holds in a run."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.design import forms
from campaigns.eligibility.models import Decision
from campaigns.planning.enums import RewardKind, TierMode
from campaigns.planning.rules import plans
from tests.campaigns.design.building import begun, post, run
from tests.factories.campaigns import (
    card_in_use,
)  # fmt: skip
from tests.factories.control import id_numbers
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]

# What is typed into the form of each kind beside what it begins with.


@pytest.mark.parametrize("kind", RewardKind.values)
@pytest.mark.parametrize("mode", TierMode.values)
def test_each_kind_of_reward_is_added_saved_and_given(
    kind: str, mode: str, client_of: Clients
) -> None:
    person = StaffFactory(role="campaign_manager")
    client = client_of(person)
    found = begun(person, rewards={})
    post(client, "design_rewards", found, do="add", mode=mode)
    tier = {
        "code": "one", "kind": kind, "name": "礼", "name_en": "Gift", "value": "7.50",
        "stock": "3", "points": "70" if kind in (RewardKind.POINTS, RewardKind.MULTIPLE) else "",
    }  # fmt: skip
    if kind == RewardKind.MULTIPLE:
        tier |= {
            "times": "3", "spending-counted_from": "issue", "spending-days": "65",
            "spending-last_day": "inside", "spending-at_least": "1",
        }  # fmt: skip
    sent = {f"tier0-{name}": value for name, value in tier.items()}
    response = post(client, "design_rewards", found, mode=mode, **sent)
    assert response.url == reverse("design_budget", args=[found.pk])
    version, one = run(found, client)
    plan = plans.plan_of(version.content)
    assert (plan.rewards.mode, plan.rewards.tiers[0].kind) == (mode, kind)
    decision = Decision.objects.get(run=one)
    assert (decision.award, str(decision.awarded)) == ("granted", "7.50")


LIMITS: dict[str, tuple[dict[str, str], str]] = {
    "total": ({"total": "5.00"}, "over_budget_total"),
    "per_day": ({"per_day": "5.00"}, "over_budget_day"),
    "per_customer": ({"per_customer": "5.00"}, "over_budget_customer"),
    "branches": ({"branches": "{branch}", "branches_figure": "5"}, "over_budget_branch"),
    "shares": ({"shares": "bank", "shares_figure": "100"}, "granted"),
    "control_percent": ({"control_percent": "0"}, "granted"),
}


def test_every_limit_of_the_form_stands_here() -> None:
    assert set(forms.BudgetForm.base_fields) == set(LIMITS)


@pytest.mark.parametrize("name", LIMITS)
def test_each_limit_is_set_saved_and_holds(name: str, client_of: Clients) -> None:
    person = StaffFactory(role="campaign_manager")
    client = client_of(person)
    found = begun(person, budget={})
    branch = card_in_use().customer.branch.code
    typed, answer = LIMITS[name]
    sent = {field: value.format(branch=branch) for field, value in typed.items()}
    response = post(client, "design_budget", found, **sent)
    assert response.url == reverse("design_touches", args=[found.pk])
    _version, one = run(found, client)
    answers = set(Decision.objects.filter(run=one).values_list("award", flat=True))
    assert answer in answers


def test_a_control_group_is_left_out(client_of: Clients) -> None:
    person = StaffFactory(role="campaign_manager")
    client = client_of(person)
    found = begun(person)
    for one in id_numbers(30):
        card_in_use(customer__id_number=one)
    post(client, "design_budget", found, total="1000000", control_percent="50")
    _version, one = run(found, client)
    answers = set(Decision.objects.filter(run=one).values_list("award", flat=True))
    assert answers == {"control", "granted"}
