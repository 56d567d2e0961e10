"""Sources that are late, and days that are asked about later: neither is a fall of turnover."""

import datetime as dt

import numpy as np
import pytest

from journeys.models import MerchantDay
from merchants.evidence import operations, queries
from merchants.evidence.rules import weeks
from merchants.evidence.rules.thresholds import CLOSED_WEEKS
from merchants.models import EvidenceOfTurnover, Merchant, MerchantTurnover
from merchants.partnerships import queries as partnership_queries
from tests.factories import partnerships
from tests.merchants.evidence.shops import group_of
from tests.merchants.evidence.test_operations import AT, END, FIRST, ON, WEEKS, shops

pytestmark = pytest.mark.django_db


def codes(merchant: Merchant) -> list[str]:
    row = EvidenceOfTurnover.objects.get(merchant=merchant, on=END)
    return [reason["code"] for reason in row.reasons]


@pytest.mark.parametrize("told", [False, True])
def test_a_source_that_is_late_shows_no_merchant_as_closed(told: bool) -> None:
    """Of a file that is sent once a month, six weeks are missing for a while."""
    amounts = group_of(12)
    amounts[:, -CLOSED_WEEKS:] = 0
    made = shops(amounts, told=told)
    done = operations.evaluate_turnover(on=ON, at=AT)
    assert (done.merchants, done.falling, done.rising) == (12, 0, 0)
    assert {tuple(codes(shop)) for shop in made} == {("no_change", "late")}
    row = EvidenceOfTurnover.objects.get(merchant=made[0], on=END)
    silent = END - CLOSED_WEEKS * weeks.WEEK
    assert (row.reasons[-1]["day"], row.told_until) == (silent.isoformat(), silent)
    assert row.weeks == WEEKS - CLOSED_WEEKS
    assert queries.suggested_phases(on=ON) == []


def test_who_had_closed_before_the_source_fell_silent_is_told_since_then() -> None:
    amounts = group_of(12)
    amounts[:, -3:] = 0
    amounts[4, -3 - CLOSED_WEEKS :] = 0
    amounts[5, -3 - CLOSED_WEEKS + 1 :] = 0
    made = shops(amounts, told=True)
    operations.evaluate_turnover(on=ON, at=AT)
    row = EvidenceOfTurnover.objects.get(state="declining")
    assert (row.merchant_id, row.change) == (made[4].pk, -1.0)
    assert row.since == END - (3 + CLOSED_WEEKS) * weeks.WEEK
    assert row.reasons[0]["weeks"] == CLOSED_WEEKS
    usual = np.mean(amounts[4, -55 - CLOSED_WEEKS : -3 - CLOSED_WEEKS])
    assert float(row.usual or 0) == pytest.approx(usual, rel=0.15)


def test_a_late_file_hides_nobody_of_whom_transactions_tell() -> None:
    told, own = group_of(12), group_of(6, seed=2)
    told[:, -CLOSED_WEEKS:] = 0
    own[2, -CLOSED_WEEKS:] = 0
    late, made = shops(told, told=True), shops(own)
    operations.evaluate_turnover(on=ON, at=AT)
    [row] = EvidenceOfTurnover.objects.filter(state="declining")
    assert row.merchant_id == made[2].pk
    assert "late" in codes(late[0])
    assert "late" not in codes(made[2])


def test_what_is_known_of_a_partnership_ends_where_its_source_does() -> None:
    amounts = group_of(4)
    amounts[:, -CLOSED_WEEKS:] = 0
    made = shops(amounts, told=True)
    leader = partnerships.manager(branch=made[0].branch)
    Merchant.objects.filter(pk=made[0].pk).update(manager=leader)
    made[0].refresh_from_db()
    row = partnerships.begun(merchant=made[0])
    operations.evaluate_turnover(on=ON, at=AT)
    known = partnership_queries.evidence_of(partnerships=[row], on=ON)[row.pk]
    measure = next(one for one in known.measures if one.code == "turnover")
    end = END - CLOSED_WEEKS * weeks.WEEK
    assert (measure.first, measure.end) == (end - dt.timedelta(days=90), end)
    days = MerchantTurnover.objects.filter(merchant=made[0], day__range=(measure.first, end))
    assert measure.value == sum(day.amount for day in days)
    assert known.value("turnover_year_ago") is not None


def test_an_earlier_day_that_is_asked_about_later_leaves_the_weeks_that_pages_draw() -> None:
    made = shops(group_of(4))
    operations.evaluate_turnover(on=ON, at=AT)
    before = queries.weeks_of(merchant_id=made[0].pk)
    earlier = END - 8 * weeks.WEEK
    done = operations.evaluate_turnover(on=earlier, at=AT)
    assert (done.on, done.written) == (earlier, 4)
    assert EvidenceOfTurnover.objects.filter(on=earlier).count() == 4
    kept = queries.weeks_of(merchant_id=made[0].pk)
    assert before is not None
    assert kept is not None
    assert (kept.on, kept.first, kept.taken) == (END, FIRST, before.taken)
    MerchantDay.objects.create(merchant=made[0], day=END, amount=7, purchases=9, refunds=0)
    operations.evaluate_turnover(on=END + weeks.WEEK, at=AT)
    kept.refresh_from_db()
    assert (kept.on, kept.taken[-1]) == (END + weeks.WEEK, 7)
