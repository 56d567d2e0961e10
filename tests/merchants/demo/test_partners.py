"""The demo bank's merchants."""

import datetime as dt

import pytest

from merchants.demo import categories, partners
from merchants.demo.directory import build_directory
from merchants.directory import queries
from merchants.models import Merchant, MerchantCategory
from merchants.prospects.queries import funnel
from portal.demo import house
from portal.staff.access import Scope

ON = dt.date(2026, 11, 23)
AT = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_there_are_three_hundred_merchants_of_all_categories() -> None:
    built = house.build_house(seed="1", on=ON)
    drawn = partners.build_merchants(seed="1", branches=built.branches, on=ON, at=AT)
    assert Merchant.objects.count() == len(drawn) == partners.COUNT
    assert MerchantCategory.objects.count() == len(categories.CATEGORIES)
    assert len({row.name for row in Merchant.objects.all()}) == partners.COUNT
    assert set(Merchant.objects.values_list("category_id", flat=True)) == {
        row.mcc for row in categories.CATEGORIES
    }


@pytest.mark.django_db
def test_partners_have_a_manager_of_their_branch() -> None:
    built = house.build_house(seed="1", on=ON)
    partners.build_merchants(seed="1", branches=built.branches, on=ON, at=AT)
    rows = Merchant.objects.select_related("manager")
    count = sum(row.is_partner for row in rows)
    assert 80 <= count <= 160
    for row in rows:
        assert (row.manager is not None) == row.is_partner
        assert row.manager is None or row.manager.branch_id == row.branch_id
    mine = Merchant.objects.filter(manager__username="relationship_manager").count()
    assert mine >= 3


@pytest.mark.django_db
def test_partners_have_stores_a_main_contact_and_contracts_and_some_stand_twice() -> None:
    built = house.build_house(seed="1", on=ON)
    partners.build_merchants(seed="1", branches=built.branches, on=ON, at=AT)
    build_directory(seed="1", on=ON)
    for one in Merchant.objects.filter(is_partner=True):
        assert one.stores.count() >= 1
        assert one.contacts.filter(is_main=True, left_date=None).count() == 1
        assert one.credit_code != ""
    groups = queries.groups_of_same(scope=Scope(branch_path=""))
    assert [group.whys for group in groups if group.whys == ["name", "phone"]] == [
        ["name", "phone"]
    ] * 3
    soon = {"ends_before": ON + dt.timedelta(days=91), "on": ON}
    assert 20 <= queries.list_merchants(scope=Scope(branch_path=""), **soon).count() <= 90
    found = funnel(scope=Scope(branch_path=""))
    assert (found.conversion.whole, found.doubt_count) == (360, 1)
    assert 30 <= found.conversion.of <= 80


def test_every_category_has_a_price() -> None:
    from journeys.demo.prices import PRICES

    assert set(PRICES) == {row.mcc for row in categories.CATEGORIES}
