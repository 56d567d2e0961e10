"""What joint campaigns cost, and the complaints traced to them, by merchant."""

import datetime as dt
from decimal import Decimal

import pytest

from campaigns.partners import queries
from campaigns.planning.rules import naming
from merchants.directory import operations as directory
from tests.factories import campaigns as plans
from tests.factories.campaigns import AT
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 6, 30)


def known(*ids: int) -> dict[int, dict[str, Decimal | None]]:
    found = queries.evidence_of(list(ids), ON)
    return {key: {row.code: row.value for row in rows} for key, rows in found.items()}


def test_the_cost_of_a_campaign_is_divided_among_its_partners() -> None:
    shop, other, stranger = (MerchantFactory() for _place in range(3))
    for code, numbers, amounts in (
        ("own", [shop.number], (80, 20)),
        ("joint", [shop.number, other.number], (30,)),
        ("none", [], (999,)),
    ):
        version = plans.draft(code=code, merchants=numbers)
        book = row_of("campaigns.BudgetBook", campaign=version.campaign, version=version)
        for place, amount in enumerate(amounts):
            row_of(
                "campaigns.BudgetEntry", book=book, day=ON - dt.timedelta(days=1 + 89 * place),
                amount=Decimal(amount),
            )  # fmt: skip
        row_of("campaigns.BudgetEntry", book=book, day=ON, amount=Decimal(7))
        row_of(
            "campaigns.BudgetEntry", book=book, day=ON - dt.timedelta(days=91), amount=Decimal(7)
        )
    found = known(shop.pk, other.pk, stranger.pk)
    assert found == {
        shop.pk: {"campaign_cost": 115, "complaints": 0},
        other.pk: {"campaign_cost": 15, "complaints": 0},
        stranger.pk: {"campaign_cost": 0, "complaints": 0},
    }


def test_complaints_traced_to_a_campaign_count_with_its_partners_and_their_aliases() -> None:
    shop, gone = MerchantFactory(), MerchantFactory()
    version = plans.draft(code="joint", merchants=[gone.number])
    reference = naming.reference_of("joint", version.number)
    closed = {
        "state": "closed", "cause_kind": "campaign", "remedy": "x",
        "opened_date": ON - dt.timedelta(days=100),
        "answered_date": ON - dt.timedelta(days=95),
    }  # fmt: skip
    for back, cause in ((1, reference), (90, reference), (91, reference), (1, "joint/99")):
        row_of(
            "journeys.Complaint", **closed, cause_reference=cause,
            closed_date=ON - dt.timedelta(days=back),
        )  # fmt: skip
    directory.merge_merchants(kept=shop, merged=gone, reason="同一家", actor=StaffFactory(), at=AT)
    assert known(shop.pk) == {shop.pk: {"campaign_cost": 0, "complaints": 2}}
