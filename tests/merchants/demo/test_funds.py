"""The demo bank's promotion money."""

import datetime as dt

import pytest

from merchants.demo import funds, partners, partnerships
from merchants.models import FundAccount, FundEntry, FundPlan
from portal.demo import house

ON = dt.date(2026, 11, 23)
AT = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_two_plans_are_spent_of_and_one_is_in_the_making() -> None:
    made = house.build_house(seed="1", on=ON)
    drawn = partners.build_merchants(seed="1", branches=made.branches, on=ON, at=AT)
    partnerships.build_partnerships(seed="1", numbers=[row.number for row in drawn], on=ON)
    built = funds.build_funds(seed="1", on=ON)
    assert [plan.state for plan in built] == ["approved", "approved", "draft"]
    assert [plan.gap for plan in FundPlan.objects.order_by("id")] == [0, 0, 0]
    assert FundAccount.objects.count() >= 4
    kinds = set(FundEntry.objects.values_list("kind", flat=True))
    assert kinds == {"commit", "claim", "pay"}
    assert not FundEntry.objects.filter(at__gte=AT + dt.timedelta(days=1)).exists()
