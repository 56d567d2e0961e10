"""Many writers on one budget: no limit is broken, and no cent is lost. The rows are looked at
afterwards by reckoning that shares nothing with what wrote them."""

import re
from collections import Counter
from decimal import Decimal

import pytest
from django.db import connection

from campaigns.models import CampaignVersion, Grant
from journeys.models import CalendarYear, Card
from tests.factories.journeys import DAY, CardFactory
from tests.factories.portal import BranchFactory
from tests.factories.rewards import ask, candidate, run_of, tier, used_of, version_with
from tests.processes import Processes, wait_until
from tests.races import spending_budgets
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, PROCESSES = 64, 8

_LEDGER = """
SELECT party, sum(amount), sum(units) FROM campaigns_budgetentry GROUP BY party ORDER BY party
"""
_GRANT_AND_PARTS = """
SELECT given.id FROM campaigns_grant given
LEFT JOIN campaigns_budgetentry entry ON entry.grant_id = given.id AND entry.kind = 'reserve'
GROUP BY given.id HAVING sum(entry.amount) IS DISTINCT FROM given.amount
"""


def rows_of(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def make_crowd(customers: int) -> CampaignVersion:
    """Customers with cards in use, more than the budget and the stock are enough for."""
    branch = BranchFactory()
    for _number in range(customers):
        CardFactory(customer__branch=branch, activated_date=DAY, first_used_date=DAY)
    low, high = spending_budgets.VALUES
    version = version_with(
        tier("low", low),
        tier("high", high, stock=customers // 3, budget=str(customers * 2)),
        budget={
            "total": str(customers * 5), "per_customer": "7.77", "shares": spending_budgets.SHARES,
        },
    )  # fmt: skip
    run_of(version)
    return version


def look_at(version: CampaignVersion, customers: int) -> Decimal:
    """This will look for a broken limit or a lost cent, and return what stands in grants."""
    standing = list(Grant.objects.filter(reversal=None).values_list("customer", "reward", "amount"))
    granted = sum((amount for _who, _tier, amount in standing), Decimal(0))
    assert max(Counter(who for who, _tier, _amount in standing).values()) == 1
    codes = Counter(code for _who, code, _amount in standing)
    assert codes["high"] <= customers // 3
    of_tier = {"low": Decimal(0), "high": Decimal(0)}
    for _who, code, amount in standing:
        of_tier[code] += amount
    assert of_tier["high"] <= customers * 2
    assert {code: used_of(version, "tier", code) for code in of_tier} == of_tier
    assert granted <= customers * 5
    ledger = {party: (amount, units) for party, amount, units in rows_of(_LEDGER)}
    assert sum(amount for amount, _units in ledger.values()) == granted
    assert sum(units for _amount, units in ledger.values()) == len(standing)
    assert rows_of(_GRANT_AND_PARTS) == []
    for party, share in spending_budgets.SHARES.items():
        exact = granted * Decimal(share) / 100
        # Exchanges take back exactly what was charged: less than a cent for each that is open.
        assert abs(ledger[party][0] - exact) < Decimal("0.02")
        assert used_of(version, "party", party) == ledger[party][0]
    assert used_of(version, "campaign") == granted
    assert used_of(version, "stock", "high") == codes["high"]
    # All that was there was given: whoever came last got what was left.
    low = Decimal(spending_budgets.VALUES[0])
    assert customers * 5 - granted < low or len(standing) == customers
    return granted


@pytest.mark.parametrize("customers", [192, pytest.param(6_400, marks=pytest.mark.chaos)])
def test_64_writers_on_one_budget_break_nothing_and_lose_no_cent(customers: int) -> None:
    version = make_crowd(customers)
    answers = in_threads(WRITERS, lambda place: spending_budgets.write(place, WRITERS))
    said = sum((amount for each in answers for _who, _answer, amount in each), Decimal(0))
    assert look_at(version, customers) == said


@pytest.mark.parametrize("customers", [160, pytest.param(3_200, marks=pytest.mark.chaos)])
def test_eight_processes_on_one_budget_break_nothing_and_lose_no_cent(customers: int) -> None:
    version = make_crowd(customers)
    with Processes() as processes:
        started = [
            processes.start_module("tests.races.spending_budgets", str(place), str(PROCESSES))
            for place in range(PROCESSES)
        ]
        for process in started:
            wait_until(lambda p=process: "ready" in processes.log_of(p), 120, "a process is ready")
        CalendarYear.objects.create(year=2199, source="go")
        for process in started:
            assert processes.wait_for(process, 600) == 0, processes.log_of(process)
        logs = [processes.log_of(process) for process in started]
    said = sum(
        (Decimal(amount) for log in logs for amount in re.findall(r"granted ([\d.]+)", log)),
        Decimal(0),
    )
    assert look_at(version, customers) == said


# By the grants that stand and the customers' branches alone.
_BY_DAY = """
SELECT given.granted_date::text, sum(given.amount) FROM campaigns_grant given
WHERE NOT EXISTS (SELECT FROM campaigns_grantreversal undone WHERE undone.grant_id = given.id)
GROUP BY given.granted_date ORDER BY 1
"""
_BY_BRANCH = """
SELECT above.code, sum(given.amount) FROM campaigns_grant given
JOIN journeys_customer customer ON customer.id = given.customer_id
JOIN portal_branch own ON own.id = customer.branch_id
JOIN portal_branch above ON starts_with(own.path, above.path)
WHERE NOT EXISTS (SELECT FROM campaigns_grantreversal undone WHERE undone.grant_id = given.id)
GROUP BY above.code ORDER BY 1
"""
# The same by the ledger, and what the limits say of it.
_DAYS_ENTERED = """
SELECT day::text, sum(amount) FROM campaigns_budgetentry GROUP BY day
HAVING sum(amount) <> 0 ORDER BY 1
"""
_BRANCHES_ENTERED = """
SELECT above.code, sum(entry.amount) FROM campaigns_budgetentry entry
JOIN portal_branch own ON own.id = entry.branch_id
JOIN portal_branch above ON starts_with(own.path, above.path)
GROUP BY above.code HAVING sum(entry.amount) <> 0 ORDER BY 1
"""
_DAYS_HELD = """
SELECT key, used FROM campaigns_budgetlimit WHERE kind = 'day' AND used <> 0 ORDER BY 1
"""
_BRANCHES_HELD = """
SELECT branch.code, held.used FROM campaigns_budgetlimit held
JOIN portal_branch branch ON branch.id = held.branch_id WHERE held.used <> 0 ORDER BY 1
"""
_PARTIES_HELD = """
SELECT key, used FROM campaigns_budgetlimit WHERE kind = 'party' ORDER BY 1
"""
_PARTIES_ENTERED = """
SELECT party, sum(amount) FROM campaigns_budgetentry GROUP BY party ORDER BY 1
"""
_WITHOUT = """
SELECT count(*) FROM journeys_customer customer JOIN portal_branch branch
    ON branch.id = customer.branch_id
WHERE branch.code = 'FREE' AND NOT EXISTS (
    SELECT FROM campaigns_grant given WHERE given.customer_id = customer.id)
"""
DAYS = 2


@pytest.mark.parametrize("customers", [192, pytest.param(3_200, marks=pytest.mark.chaos)])
def test_64_writers_break_no_limit_of_a_day_or_a_branch_and_lose_no_cent(customers: int) -> None:
    per_day, above, below = (Decimal(customers) * Decimal(part) for part in ("1", "0.8", "0.3"))
    high = BranchFactory(code="HIGH")
    places = [high, BranchFactory(code="PART", parent=high), BranchFactory(code="FREE")]
    for number in range(customers):
        CardFactory(
            customer__branch=places[number % 3], activated_date=DAY, first_used_date=DAY
        )  # fmt: skip
    version = version_with(
        tier("low", spending_budgets.VALUES[0]),
        tier("high", spending_budgets.VALUES[1]),
        budget={
            "total": f"{customers * 5}.00", "per_day": f"{per_day:.2f}",
            "branches": {"HIGH": f"{above:.2f}", "PART": f"{below:.2f}"},
            "shares": spending_budgets.SHARES,
        },
    )  # fmt: skip
    run_of(version)
    answers = in_threads(WRITERS, lambda place: spending_budgets.write(place, WRITERS, DAYS))
    days, branches = dict(rows_of(_BY_DAY)), dict(rows_of(_BY_BRANCH))
    assert len(days) == DAYS
    assert max(days.values()) <= per_day
    assert branches["HIGH"] <= above
    assert branches["PART"] <= below
    assert rows_of(_DAYS_ENTERED) == rows_of(_DAYS_HELD) == list(days.items())
    assert rows_of(_BRANCHES_ENTERED) == rows_of(_BRANCHES_HELD) == list(branches.items())
    assert rows_of(_PARTIES_HELD) == rows_of(_PARTIES_ENTERED)
    assert rows_of(_GRANT_AND_PARTS) == []
    said = [one for each in answers for one in each]
    assert sum(amount for _who, _answer, amount in said) == sum(days.values())
    # Both limits stood in somebody's way, and what was there was given to whoever was left.
    refusals = {answer for _who, answer, _amount in said}
    assert {"over_budget_day", "over_budget_branch"} <= refusals
    low = Decimal(spending_budgets.VALUES[0])
    assert above - branches["HIGH"] < low or below - branches["PART"] < low
    [(without,)] = rows_of(_WITHOUT)
    assert per_day - max(days.values()) < low or without == 0


def test_the_same_customers_at_once_are_given_once() -> None:
    version = make_crowd(12)
    cards = list(Card.objects.select_related("customer").order_by("id"))

    def give(place: int) -> int:
        order = cards if place % 2 else cards[::-1]
        awards = ask(version, [candidate(card) for card in order])
        return sum(one.answer == "granted" for one in awards)

    assert sum(in_threads(8, give)) == 12
    assert Grant.objects.count() == 12
    assert used_of(version, "campaign") == Decimal("39.96")
