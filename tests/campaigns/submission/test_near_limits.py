"""What a checker is told of limits that are nearly used up: what was given before counts."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from portal.models import Submission
from tests.campaigns.submission.test_operations import live
from tests.factories.campaigns import TIER, approved, card_in_use, draft, hand_in
from tests.factories.journeys import ContactRuleFactory

pytestmark = pytest.mark.django_db


def near(client: Any) -> list[str]:
    row = Submission.objects.latest("id")
    with translation.override("en"):
        client.post(reverse("set_language"), {"language": "en"})
        page = client.get(reverse("approval_page", args=[row.pk]))
    return list(page.context["evidence"]["near"])


@pytest.mark.parametrize("newcomers", [1, 0])
def test_what_earlier_versions_gave_is_used_up_too(client_of: Any, newcomers: int) -> None:
    ContactRuleFactory()
    for _number in range(4):
        card_in_use()
    plan: dict[str, Any] = {
        "rewards": {"tiers": [TIER | {"stock": 5}]}, "budget": {"total": "60.00"},
    }  # fmt: skip
    live(approved(**plan))
    for _number in range(newcomers):
        card_in_use()
    hand_in(draft(**plan | {"name": "新户首刷礼二"}))
    taken = 4 + newcomers
    budget = [f"Budget: {taken * 1000 // 60} % would be used up today."] if newcomers else []
    assert near(client_of("approver")) == [
        *budget, f"Stock of First-transaction gift: {taken * 20} % would be used up today.",
    ]  # fmt: skip
