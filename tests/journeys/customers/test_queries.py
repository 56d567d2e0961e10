"""Who sees which customers, and how they are found."""

import pytest
from django.db import connection

from journeys.customers import queries
from portal.staff.access import Scope, scope_of
from tests.factories.journeys import CustomerFactory
from tests.factories.portal import BranchFactory, StaffFactory

BANK = Scope(branch_path="")


@pytest.mark.django_db
def test_a_branch_manager_sees_the_customers_of_the_branch_and_below() -> None:
    here = BranchFactory()
    rows = [CustomerFactory(branch=here), CustomerFactory(branch=BranchFactory(parent=here))]
    other = CustomerFactory()
    scope = scope_of(StaffFactory(role="branch_manager", branch=here))
    assert list(queries.list_customers(scope=scope)) == rows[::-1]
    assert queries.one_customer(scope=scope, number=other.number) is None
    assert queries.one_customer(scope=scope, number=rows[0].number) == rows[0]
    assert list(queries.list_customers(scope=scope, text=other.number)) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("C10", ["C100", "C101"]), ("c100", ["C100"]), ("王", ["C100"]), ("wang", ["C100"]),
        ("WANG XIAO", ["C100"]), ("xiao", []), ("15400000001", ["C101"]), ("1540000000", []),
        ("15400000009", []), (" 王小 ", ["C100"]), ("%", []),
    ],
)  # fmt: skip
def test_a_customer_is_found_by_number_name_pinyin_or_full_phone(
    text: str, found: list[str]
) -> None:
    CustomerFactory(number="C100", name="王小明", name_pinyin="wang xiao ming")
    CustomerFactory(number="C101", name="李白", name_pinyin="li bai", phone="15400000001")
    assert [row.number for row in queries.list_customers(scope=BANK, text=text)] == found


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "index"), [
    ("王", "customer_name"), ("wang xiao", "customer_pinyin"),
    ("C1", "journeys_customer_number_key"),
])  # fmt: skip
def test_a_search_by_a_start_is_found_and_sorted_by_its_index(text: str, index: str) -> None:
    CustomerFactory()
    with connection.cursor() as cursor:
        # Few rows are always read whole: here it is asked whether the index can answer at all.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    plan = queries.list_customers(scope=BANK, text=text)[:51].explain()
    assert f"Index Scan using {index} on journeys_customer" in plan
    assert "Sort" not in plan
