"""What a merchant is handed: no sum of fewer persons than the least can be computed from it."""

import datetime as dt
import io
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import product
from typing import Any

import numpy as np
import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from merchants.evidence.exports import MERCHANT_FIGURES
from merchants.evidence.rules import sharing
from merchants.evidence.rules.sharing import LEAST, Cell, Month
from merchants.models import Merchant
from portal.kit import clock
from portal.kit.registry import BadFilter
from portal.models import Export
from portal.staff.enums import Role
from tests.factories.merchants import ClauseFactory, MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.portal.exports.workbooks import sheets_of
from tests.project.rows import row_of

ClientOf = Callable[..., Client]


def cell(customers: int, largest: int = 0) -> Cell:
    return Cell(
        customers, customers, Decimal(7 * customers), Decimal(largest or 7 * bool(customers))
    )


def month(key: int, workdays: int, weekends: int, both: int = 0) -> Month:
    """So many customers on workdays and at weekends, of whom `both` came on either."""
    parts = {"workdays": cell(workdays), "weekends": cell(weekends)}
    purchases = workdays + weekends
    whole = Cell(purchases - both, purchases, Decimal(7 * purchases), Decimal(7 + 7 * bool(both)))
    return Month(key, whole, parts)


def told(months: Sequence[Month]) -> dict[tuple[Any, str], bool]:
    return {
        (line.key, line.part): line.cell is not None for line in sharing.lines_of(months)
    }  # fmt: skip


def test_all_is_told_where_all_are_enough_or_nobody() -> None:
    found = sharing.lines_of([month(1, 10, 12, both=3), month(2, 10, 0)])
    assert all(line.cell is not None for line in found)
    assert found[-1] == sharing.Line(None, "", Cell(0, 32, Decimal(224), Decimal(0)))


def test_a_small_part_is_withheld_with_the_other_one() -> None:
    assert told([month(1, 30, 9), month(2, 30, 10)]) == {
        (1, ""): True, (1, "workdays"): False, (1, "weekends"): False,
        (2, ""): True, (2, "workdays"): True, (2, "weekends"): True, (None, ""): True,
    }  # fmt: skip


def test_a_small_month_is_withheld_with_its_parts_and_the_sum() -> None:
    found = told([month(1, 9, 0), month(2, 30, 20), month(3, 15, 0), month(4, 0, 0)])
    assert [key for key, is_told in found.items() if not is_told] == [
        (1, ""), (1, "workdays"), (1, "weekends"), (None, ""),
    ]  # fmt: skip


@pytest.mark.parametrize(("largest", "is_told"), [(70, True), (71, False)])
def test_a_sum_that_is_mostly_one_customers_is_withheld(largest: int, is_told: bool) -> None:
    """Of 20 customers and 140 CNY: half of it, and more."""
    one = Month(1, cell(20, largest), {"workdays": cell(20, largest), "weekends": cell(0)})
    assert told([one, month(2, 30, 20)]) == {
        (1, ""): is_told, (1, "workdays"): is_told, (1, "weekends"): is_told,
        (2, ""): True, (2, "workdays"): True, (2, "weekends"): True, (None, ""): is_told,
    }  # fmt: skip
    part = Month(1, cell(40), {"workdays": cell(20, largest), "weekends": cell(20)})
    assert told([part]) == {
        (1, ""): True, (1, "workdays"): is_told, (1, "weekends"): is_told, (None, ""): True,
    }  # fmt: skip


def _known(months: Sequence[Month], span: int) -> np.ndarray:
    """What an attacker knows, as sums of cells: each row is a line that is told, in one of the
    files of so many months that were handed over, month after month."""
    places = {
        pair: place
        for place, pair in enumerate(product([m.key for m in months], ["workdays", "weekends"]))
    }
    rows = []
    for start in range(max(1, len(months) - span + 1)):
        of_file = months[start : start + span]
        keys = {month.key for month in of_file}
        for line in sharing.lines_of(of_file):
            if line.cell is None:
                continue
            row = np.zeros(len(places))
            for (key, part), place in places.items():
                row[place] = key in (keys if line.key is None else {line.key}) and line.part in (
                    "", part,
                )  # fmt: skip
            rows.append(row)
    return np.array(rows or [np.zeros(len(places))])


def _hidden(known: np.ndarray) -> np.ndarray:
    """The directions in which cells may move while all that is known stays: a sum of cells follows
    from what is known, by whatever additions and subtractions, where it moves in none of them."""
    _left, sizes, right = np.linalg.svd(known)
    rank = int((sizes > 1e-9).sum())
    return right[rank:]


counts = st.tuples(st.integers(0, 25), st.integers(0, 25))


@settings(max_examples=300, deadline=None)
@given(st.lists(counts, min_size=1, max_size=5), st.integers(2, 5))
def test_no_sum_of_fewer_persons_follows_from_what_is_told(
    drawn: list[tuple[int, int]], span: int
) -> None:
    """Also from several files of overlapping spans together. Every set of cells whose sum can be
    computed is either of nobody, or holds a cell or a month of enough customers. Sets of cells are
    what additions and subtractions of amounts can name."""
    months = [month(key, *pair) for key, pair in enumerate(drawn)]
    hidden = _hidden(_known(months, span))
    persons = np.array([count for pair in drawn for count in pair])
    chosen = np.array(list(product([0, 1], repeat=len(persons))), dtype=float)
    is_derived = (np.abs(chosen @ hidden.T) < 1e-9).all(axis=1)
    # The same persons may come each month: no more are certain than in the fullest month.
    certain = (chosen * persons).reshape(len(chosen), len(drawn), 2).sum(axis=2).max(axis=1)
    assert not (is_derived & (certain > 0) & (certain < LEAST)).any(), drawn


def counted(shop: Merchant, back: int, part: str, customers: int) -> None:
    first = clock.today().replace(day=1)
    for _month in range(back):
        first = (first - dt.timedelta(days=1)).replace(day=1)
    row_of(
        "merchants.MerchantReach", merchant=shop, month=first, part=part, customers=customers,
        purchases=customers, amount=Decimal(customers), largest=Decimal(1),
    )  # fmt: skip


def shared(**clause: Any) -> Merchant:
    manager = StaffFactory(role=Role.RELATIONSHIP_MANAGER, branch=BranchFactory())
    shop = MerchantFactory(branch=manager.branch, manager=manager)
    today = clock.today()
    ClauseFactory(
        merchant=shop,
        **{
            "purposes": ["figures"], "first_date": today - dt.timedelta(days=9),
            "last_date": today, **clause,
        },
    )  # fmt: skip
    for part, customers in (("month", 40), ("workdays", 25), ("weekends", 15)):
        counted(shop, 1, part, customers)
    for part, customers in (("month", 40), ("workdays", 36), ("weekends", 4)):
        counted(shop, 2, part, customers)
    return shop


@pytest.mark.django_db
def test_the_file_holds_what_may_be_told_and_is_recorded(client_of: ClientOf) -> None:
    shop = shared()
    asked = QueryDict(f"merchant={shop.number}")
    lines = [list(line) for line in MERCHANT_FIGURES.read(shop.manager, asked, clock.today()).rows]
    assert len(lines) == 12 * 3 + 1
    assert [line[2:5] for line in lines[-7:-1]] == [
        [40, 40, 40], [None] * 3, [None] * 3, [40, 40, 40], [25, 25, 25], [15, 15, 15],
    ]  # fmt: skip
    assert lines[-1][2:5] == [None, 80, 80]
    client = client_of(shop.manager)
    page = client.get(reverse("merchant_figures", args=[shop.number]))
    assert len(page.context["lines"]) == 37
    link = reverse("export_start", args=["merchant_figures"]) + f"?merchant={shop.number}"
    assert link in page.content.decode()
    answer = client.post(link, {"reason": "月度例会交付商户"})
    file = io.BytesIO(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert "10 位客户" in str(sheets_of(file)) or "10 customers" in str(sheets_of(file))
    assert Export.objects.get().filters == {"merchant": shop.number}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("clause", "days"),
    [
        ({"purposes": ["redemption"]}, {}),
        ({"state": "talks", "first_date": None, "last_date": None}, {}),
        ({}, {"last_date": -1}),
        ({}, {"first_date": 1, "last_date": 2}),
    ],
)
def test_without_a_clause_that_allows_it_nothing_is_handed_over(
    client_of: ClientOf, clause: dict[str, Any], days: dict[str, int]
) -> None:
    on = clock.today()  # of the test, not of when the tests were gathered
    shop = shared(**clause, **{name: on + dt.timedelta(days=ahead) for name, ahead in days.items()})
    with pytest.raises(BadFilter):
        MERCHANT_FIGURES.read(shop.manager, QueryDict(f"merchant={shop.number}"), clock.today())
    page = client_of(shop.manager).get(reverse("merchant_figures", args=[shop.number]))
    assert (page.context["clause"], page.context["lines"]) == (None, [])
    assert "alert alert-warning" in page.content.decode()


@pytest.mark.django_db
def test_another_branchs_merchant_is_not_handed_over_and_a_file_is_of_one(
    client_of: ClientOf,
) -> None:
    shop = shared()
    stranger = StaffFactory(role=Role.BRANCH_MANAGER, branch=BranchFactory())
    with pytest.raises(BadFilter):
        MERCHANT_FIGURES.read(stranger, QueryDict(f"merchant={shop.number}"), clock.today())
    address = reverse("merchant_figures", args=[shop.number])
    assert client_of(stranger).get(address).status_code == 404
    assert list(MERCHANT_FIGURES.read(shop.manager, QueryDict(""), clock.today()).rows) == []
