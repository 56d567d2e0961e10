"""What a solved plan brings bank, merchant and customers, beside a calculation in fractions that
knows the formula on paper alone."""

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from merchants.allocation import operations, queries
from merchants.models import FundLine, FundPlan
from portal.kit import money
from portal.models import Staff
from tests.factories import funds as made

pytestmark = pytest.mark.django_db
INCOME, REACH = Fraction("0.62"), Fraction(87)  # percent
# Ceiling and half of the response, margin, share of the cost, most money.
PARTNERS: list[dict[str, Any]] = [
    {"ceiling": 260_000, "half": 3_300, "margin": "23.5", "share": "40", "most": 5_000},
    {"ceiling": 91_000, "half": 7_100, "margin": "61", "share": "0", "most": 4_000},
    {"ceiling": 1_234_567, "half": 9_999, "margin": "8.25", "share": "33.33", "most": 5_000},
]  # fmt: skip


def rounded(amount: Fraction) -> Decimal:
    """Half up to the fen, away from nought."""
    fen = math.floor(abs(amount) * 100 + Fraction(1, 2))
    return (Decimal(fen) / 100).copy_sign(Decimal(1 if amount >= 0 else -1))


def by_hand(given: dict[str, Any], chosen: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """Bank, merchant and customers, from what was entered and the money that was chosen."""
    paid = Fraction(chosen)
    turnover = Fraction(math.floor(given["ceiling"] * paid / (paid + given["half"]) * 100), 100)
    both = paid / (1 - Fraction(given["share"]) / 100)
    bank = turnover * INCOME / 100 - paid
    merchant = turnover * Fraction(given["margin"]) / 100 - (both - paid)
    return rounded(bank), rounded(merchant), rounded(both * REACH / 100)


def solved() -> tuple[FundPlan, list[FundLine]]:
    plan = made.plan(
        budget="12000", income_percent=Decimal("0.62"), reach_percent=Decimal(87),
        inputs_source="财务口径", **made.lasting(),
    )  # fmt: skip
    lines = [
        made.line(
            plan, ceiling=Decimal(one["ceiling"]), half=Decimal(one["half"]),
            most=Decimal(one["most"]), margin_percent=Decimal(one["margin"]),
            merchant_percent=Decimal(one["share"]),
        )
        for one in PARTNERS
    ]  # fmt: skip
    made.solved(plan)
    for line in lines:
        line.refresh_from_db()
    return plan, lines


def test_each_side_of_a_solved_plan_gets_what_a_calculation_by_hand_says(
    client_of: Callable[..., Client],
) -> None:
    plan, lines = solved()
    chosen = [line.chosen or Decimal(0) for line in lines]
    assert all(chosen)
    assert sum(chosen) == 12_000
    expected = {
        line.pk: by_hand(given, money_of)
        for line, given, money_of in zip(lines, PARTNERS, chosen, strict=True)
    }
    # The first side may lose where the merchant wins: none of them is the sum of the others.
    assert any(bank < 0 for bank, _merchant, _customers in expected.values())
    told = {
        line.pk: benefit and (benefit.bank, benefit.merchant, benefit.customers)
        for line, _effect, benefit in queries.benefits_of(queries.lines_of(plan))
    }
    assert told == expected
    page = client_of(plan.owner).get(reverse("fund_page", args=[plan.pk]))
    shown = {
        row.line.pk: (row.benefit.bank, row.benefit.merchant, row.benefit.customers)
        for row in page.context["rows"]
    }
    assert shown == expected


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_three_amounts_stand_on_the_page_of_the_partnership(
    client_of: Callable[..., Client], language: str
) -> None:
    plan, lines = solved()
    Staff.objects.filter(pk=plan.owner_id).update(language=language)
    client = client_of(Staff.objects.get(pk=plan.owner_id))
    for line, given in zip(lines, PARTNERS, strict=True):
        answer = client.get(reverse("partnership_funds", args=[line.partnership_id]))
        page = answer.content.decode()
        with translation.override(language):
            for amount in by_hand(given, line.chosen or Decimal(0)):
                assert money.show(amount.quantize(Decimal(1), ROUND_HALF_UP)) in page


def test_without_the_banks_income_its_side_is_not_known_and_the_others_are() -> None:
    plan, lines = solved()
    operations.change_plan(
        plan_id=plan.pk, values={"income_percent": None}, actor=plan.owner, at=made.AT
    )
    plan.refresh_from_db()
    made.solved(plan)
    known = queries.benefits_of(queries.lines_of(plan))
    assert [benefit.bank for _line, _effect, benefit in known if benefit] == [None] * len(lines)
    assert all(benefit and benefit.merchant is not None for _line, _effect, benefit in known)
