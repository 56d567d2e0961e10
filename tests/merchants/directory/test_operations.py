"""Merchants come in by their number, once."""

import datetime as dt

import pytest
from django.utils import translation

from merchants.directory import operations
from merchants.models import Merchant, MerchantCategory
from portal.audit.models import AuditEntry
from tests.factories.merchants import CategoryFactory
from tests.factories.portal import BranchFactory, StaffFactory

AT = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)


def _record(branch_id: int, **changes: object) -> operations.MerchantRecord:
    values = {
        "number": "M1", "name": "杭州山月小馆", "name_en": "Shanyue", "mcc": "5812",
        "branch_id": branch_id, "manager_id": None, "division_code": "330106",
        "is_partner": False, "joined_date": None,
    }  # fmt: skip
    return operations.MerchantRecord(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_merchant_is_added_with_its_pinyin_and_then_brought_up_to_date() -> None:
    CategoryFactory()
    branch, manager = BranchFactory(), StaffFactory(role="relationship_manager")
    operations.load_merchants(records=[_record(branch.pk)], at=AT)
    first = Merchant.objects.get()
    assert first.name_pinyin == "hang zhou shan yue xiao guan"
    operations.load_merchants(
        records=[_record(branch.pk, name="杭州云朵里", manager_id=manager.pk, is_partner=True)],
        at=AT,
    )
    row = Merchant.objects.get()
    assert (row.pk, row.name, row.manager, row.is_partner) == (
        first.pk,
        "杭州云朵里",
        manager,
        True,
    )
    assert row.name_pinyin == "hang zhou yun duo li"
    assert AuditEntry.objects.filter(action="merchants.loaded").count() == 2


@pytest.mark.django_db
def test_categories_are_added_and_corrected() -> None:
    operations.load_categories(rows=[("5812", "餐馆", "Restaurants", "dining")])
    operations.load_categories(rows=[("5812", "饭店", "Restaurants", "dining")])
    assert [row.name for row in MerchantCategory.objects.all()] == ["饭店"]


@pytest.mark.django_db
def test_a_merchant_under_the_number_of_a_person_is_refused_with_the_whole_list() -> None:
    CategoryFactory()
    branch = BranchFactory()
    records = [_record(branch.pk), _record(branch.pk, number="44030519880615003X")]
    with pytest.raises(operations.UnusableKey, match=r"^[^0-9]*2[^0-9]*$"):
        operations.load_merchants(records=records, at=AT)
    assert Merchant.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["M/1", "M\\1", "M?1", "M#1", "M%1", ".", ".."])
def test_a_merchant_whose_number_no_address_can_hold_is_refused(number: str) -> None:
    CategoryFactory()
    record = _record(BranchFactory().pk, number=number)
    with translation.override("en"), pytest.raises(operations.UnusableKey, match="hyphen"):
        operations.load_merchants(records=[record], at=AT)
    assert Merchant.objects.count() == 0
