"""What both sides of joint campaigns paid at their partners, beside the same in plain Python."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pytest

from campaigns.models import JointReturn
from campaigns.partners import operations
from campaigns.tasks import count_returns
from merchants.directory import operations as directory
from tests.campaigns.partners import made
from tests.factories.campaigns import AT
from tests.factories.journeys import CardFactory
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
ON = made.END + 10 * DAY
AWARDS = ("granted", "control", "had_before", "over_budget_total", "")


def counted(merchant: Any) -> dict[str, tuple[int, int, Decimal, Decimal]]:
    row = JointReturn.objects.get(merchant=merchant)
    return {
        name: (side.people, side.payers, side.amount, side.squares)
        for name, side in (("reached", row.reached), ("held", row.held))
    }


@pytest.mark.parametrize("seed", range(3))
def test_both_sides_come_out_as_an_independent_calculation_says(seed: int) -> None:
    rng = random.Random(seed)
    shop, alias, other, stranger = (MerchantFactory() for _place in range(4))
    runs = [made.live_run(shop, other)]
    runs.append(
        row_of(
            "campaigns.Run", version=runs[0].version, kind="live", state="done",
            finished_at=AT, cleared_at=AT, texts=[],
        )
    )  # fmt: skip
    answers: dict[int, list[str]] = {}
    spent: dict[tuple[int, int], Decimal] = {}
    standing = {shop.pk: shop.pk, alias.pk: shop.pk, other.pk: other.pk, stranger.pk: stranger.pk}
    for _person in range(16):
        card = CardFactory()
        for run in runs:
            award = rng.choice(AWARDS)
            made.decided(run, card, award)
            answers.setdefault(card.customer_id, []).append(award)
        for _purchase in range(rng.randint(0, 5)):
            where = rng.choice((shop, alias, other, stranger, None))
            on = rng.choice((made.FIRST - DAY, made.FIRST, made.END - DAY, made.END))
            amount = rng.choice((-30, 40, 55, 120))
            made.paid(card, where, amount, on)
            if where is not None and made.FIRST <= on < made.END:
                key = (card.customer_id, standing[where.pk])
                spent[key] = spent.get(key, Decimal(0)) + amount
    directory.merge_merchants(kept=shop, merged=alias, reason="同一家", actor=StaffFactory(), at=AT)
    assert operations.count_returns(on=ON, at=AT) == 2
    for merchant in (shop, other):
        expected: dict[str, list[Decimal]] = {"reached": [], "held": []}
        for person, given in answers.items():
            sides = ["held" if one == "control" else "reached" for one in given if one]
            if sides:
                expected[sides[0]].append(spent.get((person, merchant.pk), Decimal(0)))
        assert counted(merchant) == {
            name: (
                len(sums), sum(one != 0 for one in sums), sum(sums, Decimal(0)),
                sum((one * one for one in sums), Decimal(0)),
            )
            for name, sums in expected.items()
        }  # fmt: skip


def test_only_live_runs_that_were_held_against_what_was_approved_count() -> None:
    shop = MerchantFactory()
    run = made.live_run(shop)
    card, tried = CardFactory(), CardFactory()
    made.decided(run, card, "granted")
    preview = row_of("campaigns.Run", version=run.version)
    made.decided(preview, tried, "granted")
    operations.count_returns(on=ON, at=AT)
    assert counted(shop)["reached"] == (1, 0, 0, 0)


def test_a_campaign_is_counted_while_it_runs_and_for_ninety_days_after() -> None:
    shop = MerchantFactory()
    card = CardFactory()
    made.decided(made.live_run(shop), card, "granted")
    made.paid(card, shop, 40, dt.date(2026, 3, 1))
    made.paid(card, shop, 50, dt.date(2026, 3, 2))
    assert operations.count_returns(on=made.FIRST, at=AT) == 0
    operations.count_returns(on=dt.date(2026, 3, 2), at=AT)
    row = JointReturn.objects.get()
    assert (row.first_date, row.end_date, row.reached.amount) == (
        made.FIRST, dt.date(2026, 3, 2), 40,
    )  # fmt: skip
    made.paid(card, shop, 7, dt.date(2026, 3, 5))
    last = made.END + 89 * DAY
    assert operations.count_returns(on=last, at=AT) == 1
    row.refresh_from_db()
    assert (row.end_date, row.reached.amount) == (made.END, 97)
    made.paid(card, shop, 9, dt.date(2026, 3, 6))
    assert operations.count_returns(on=last + DAY, at=AT) == 0
    row.refresh_from_db()
    assert row.reached.amount == 97


def test_the_task_counts_and_campaigns_without_partners_are_left_out() -> None:
    made.live_run(code="alone")
    count_returns()
    assert JointReturn.objects.count() == 0
