"""Who sees which customers, and how they are found."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

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
        ("15400000009", []), (" 王小 ", ["C100"]), ("%", []), ("wxm", ["C100"]), ("wx", ["C100"]),
        ("xm", []), ("lb", ["C101"]), ("154****0001", ["C101"]), ("155****0001", []),
        ("0001", ["C101", "0001"]), ("0002", []), ("LI@example.test", ["C101"]),
        ("li@example.tes", []), ("44030519880615003x", ["C101"]), ("440305198806150038", []),
    ],
)  # fmt: skip
def test_a_customer_is_found_by_each_way(text: str, found: list[str]) -> None:
    CustomerFactory(number="C100", name="王小明", name_pinyin="wang xiao ming")
    CustomerFactory(
        number="C101", name="李白", name_pinyin="li bai", phone="15400000001",
        email="li@example.test", id_number="44030519880615003X",
    )  # fmt: skip
    CustomerFactory(number="0001", name="赵云", name_pinyin="zhao yun", phone="15400009999")
    assert [row.number for row in queries.list_customers(scope=BANK, text=text)] == found


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "index"), [
    ("王", "customer_name_typed"), ("58同", "customer_name_typed"),
    ("wang xiao", "customer_letters"), ("lu", "customer_letters"),
    ("C1", "journeys_customer_number_key"), ("wxm", "customer_initials"),
    ("lulu", "customer_letters"), ("li xi'an", "customer_letters"),
])  # fmt: skip
def test_a_search_by_a_start_is_found_and_sorted_by_its_index(text: str, index: str) -> None:
    CustomerFactory(name="王小明", number="C1")
    CustomerFactory(name="吕布", name_pinyin="lv bu")
    CustomerFactory(name="吕露", name_pinyin="lv lu")
    CustomerFactory(name="李西安", name_pinyin="li xi an")
    with connection.cursor() as cursor:
        # Few rows are always read whole: here it is asked whether the index can answer at all.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    plan = queries.list_customers(scope=BANK, text=text)[:51].explain()
    assert f"Index Scan using {index} on journeys_customer" in plan
    assert "Index Cond" in plan
    assert "Sort" not in plan


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "questions"), [("lulu", 3), ("58同城", 2), ("Ｃ７７", 3), ("王", 2)]
)
def test_whether_anybody_is_found_is_asked_in_the_order_of_an_index(
    text: str, questions: int
) -> None:
    """Without an order a table of many customers may be read whole for it."""
    with CaptureQueriesContext(connection) as asked:
        assert list(queries.list_customers(scope=BANK, text=text)) == []
    assert ["ORDER BY" in each["sql"] for each in asked.captured_queries] == [True] * questions


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "indexes"), [
    ("15400000001", ["customer_phone_index"]), ("li@example.test", ["customer_email_index"]),
    ("440305198806150038", ["customer_id_number_index"]), ("138****1234", ["customer_phone_tail"]),
    ("1234", ["customer_phone_tail", "journeys_customer_number"]),
])  # fmt: skip
def test_a_search_by_a_whole_value_is_found_by_its_index(text: str, indexes: list[str]) -> None:
    CustomerFactory()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    plan = queries.list_customers(scope=BANK, text=text)[:51].explain()
    assert [index for index in indexes if f"Bitmap Index Scan on {index}" in plan] == indexes


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "found"), [
    ("15400000001", None), ("15400000002", "C102"), ("+86 154-0000-0002", "C102"),
    ("c102", "C102"), ("C10", None), ("1234", "1234"), ("0002", None), ("赵云", None),
    ("154****0002", None), ("zhao@example.test", "C102"), ("", None),
])  # fmt: skip
def test_an_exact_search_that_finds_one_names_it(text: str, found: str | None) -> None:
    for number in ("C100", "C101"):  # two who share a phone
        CustomerFactory(number=number, phone="15400000001")
    CustomerFactory(number="C102", name="赵云", phone="15400000002", email="zhao@example.test")
    CustomerFactory(number="1234", phone="15400000003")
    assert queries.the_one(scope=BANK, text=text) == found
    elsewhere = Scope(branch_path=BranchFactory().path)
    assert queries.the_one(scope=elsewhere, text=text) is None
