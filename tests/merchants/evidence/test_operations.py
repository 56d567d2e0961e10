"""The night: what the turnover of all merchants shows is read, judged, written, and suggested."""

import datetime as dt
import json
from decimal import Decimal
from io import StringIO
from typing import Any

import numpy as np
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from journeys.models import MerchantDay
from merchants.evidence import operations, queries
from merchants.evidence.queries import turnover
from merchants.models import EvidenceOfTurnover, Merchant, MerchantTurnover, WeeksOfTurnover
from merchants.tasks import judge_turnover
from portal.models import AuditEntry
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.merchants.evidence.shops import WEEKS, group_of
from tests.project.evidence_rows import CHANGED
from tests.project.rows import row_of

END = dt.date(2026, 6, 1)  # a Monday
ON = dt.date(2026, 6, 3)
AT = dt.datetime(2026, 6, 3, 1, tzinfo=dt.UTC)
FIRST = END - dt.timedelta(weeks=WEEKS)
SHARES = (0.1, 0.1, 0.12, 0.13, 0.2, 0.2, 0.15)  # of the days in a week

pytestmark = pytest.mark.django_db


def shops(amounts: Any, *, told: bool = False, postings: int = 14) -> list[Merchant]:
    """Partners of one category with these weeks, day by day, from a file where `told`."""
    branch = BranchFactory()
    made = [MerchantFactory(branch=branch, is_partner=True) for _row in amounts]
    days = [
        (shop, FIRST + dt.timedelta(weeks=week, days=day), Decimal(f"{amount * share:.2f}"))
        for shop, weeks in zip(made, amounts, strict=True)
        for week, amount in enumerate(weeks)
        for day, share in enumerate(SHARES)
        if amount
    ]
    if told:
        MerchantTurnover.objects.bulk_create(
            MerchantTurnover(merchant=shop, number=shop.number, day=day, amount=amount,
                             purchases=postings)
            for shop, day, amount in days
        )  # fmt: skip
    else:
        MerchantDay.objects.bulk_create(
            MerchantDay(merchant=shop, day=day, amount=amount, purchases=postings, refunds=0)
            for shop, day, amount in days
        )
    return made


def fallen(count: int = 12) -> Any:
    amounts = group_of(count)
    amounts[3, -12:] *= 0.5
    return amounts


def rows() -> list[tuple[Any, ...]]:
    return list(EvidenceOfTurnover.objects.order_by("merchant", "on").values_list())


@pytest.mark.parametrize("told", [False, True])
def test_weeks_are_summed_from_either_source(told: bool) -> None:
    amounts = group_of(3)
    made = shops(amounts, told=told)
    known = turnover.known_weeks(END)
    assert known.merchant_ids.tolist() == [shop.pk for shop in made]
    assert np.allclose(known.weekly.amounts, amounts, atol=0.05)
    assert known.weekly.postings.tolist() == [[98.0] * WEEKS] * 3
    assert not known.is_mixed.any()


def test_of_a_day_that_both_sources_know_the_file_counts() -> None:
    shop, other = MerchantFactory(), MerchantFactory()
    day = END - dt.timedelta(days=1)
    for at, amount in ((day, 10), (day - dt.timedelta(days=1), 20)):
        MerchantDay.objects.create(merchant=shop, day=at, amount=amount, purchases=7, refunds=2)
    MerchantDay.objects.create(merchant=other, day=day, amount=5, purchases=1, refunds=0)
    row_of("merchants.MerchantTurnover", merchant=shop, day=day, amount=Decimal(100), purchases=3)
    known = turnover.known_weeks(END)
    assert known.weekly.amounts[:, -1].tolist() == [120.0, 5.0]
    assert known.weekly.postings[:, -1].tolist() == [12.0, 1.0]
    assert known.is_mixed.tolist() == [True, False]


def test_days_of_the_week_that_is_not_over_and_of_long_ago_do_not_count() -> None:
    shop = MerchantFactory()
    for day in (FIRST - dt.timedelta(days=1), FIRST, END - dt.timedelta(days=1), END):
        MerchantDay.objects.create(merchant=shop, day=day, amount=1, purchases=1, refunds=0)
    [weeks] = turnover.known_weeks(END).weekly.amounts.tolist()
    assert weeks == [1.0, *[0.0] * (WEEKS - 2), 1.0]


def test_a_night_without_any_turnover_writes_nothing() -> None:
    done = operations.evaluate_turnover(on=ON, at=AT)
    assert (done.on, done.merchants, done.written) == (END, 0, 0)
    assert (EvidenceOfTurnover.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_a_fall_is_written_with_its_date_size_and_loss() -> None:
    made = shops(fallen())
    done = operations.evaluate_turnover(on=ON, at=AT)
    assert (done.on, done.merchants, done.falling, done.rising, done.written) == (END, 12, 1, 0, 12)
    states = dict(EvidenceOfTurnover.objects.values_list("merchant_id", "state"))
    assert states == {
        shop.pk: "declining" if place == 3 else "steady" for place, shop in enumerate(made)
    }
    row = EvidenceOfTurnover.objects.get(state="declining")
    assert (row.on, row.since, row.weeks) == (END, END - dt.timedelta(weeks=12), WEEKS)
    assert row.low is not None
    assert row.high is not None
    assert row.usual is not None
    assert row.yearly is not None
    assert row.low < -0.5 < row.high
    assert row.level == pytest.approx(row.usual / 2, rel=Decimal("0.15"))
    assert row.yearly == pytest.approx(row.usual * -26, rel=Decimal("0.2"))
    entry = AuditEntry.objects.get(action="turnover.judged")
    assert entry.changes == {"on": "2026-06-01", "merchants": 12, "written": 12}


def test_the_same_night_again_writes_nothing_and_a_late_day_one_row() -> None:
    made = shops(fallen())
    operations.evaluate_turnover(on=END, at=AT)
    before, weeks = rows(), list(WeeksOfTurnover.objects.order_by("pk").values_list())
    assert operations.evaluate_turnover(on=ON, at=AT).written == 0
    assert rows() == before
    assert list(WeeksOfTurnover.objects.order_by("pk").values_list()) == weeks
    day = MerchantDay.objects.get(merchant=made[5], day=END - dt.timedelta(days=1))
    MerchantDay.objects.filter(pk=day.pk).update(amount=day.amount * 2)
    assert operations.evaluate_turnover(on=ON, at=AT).written > 0
    assert EvidenceOfTurnover.objects.count() == 12
    assert AuditEntry.objects.filter(action="turnover.judged").count() == 2


def test_a_week_later_rows_of_their_own_are_written() -> None:
    shops(fallen())
    operations.evaluate_turnover(on=END, at=AT)
    before = rows()
    operations.evaluate_turnover(on=END + dt.timedelta(days=7), at=AT)
    assert EvidenceOfTurnover.objects.count() == 24
    assert [row for row in rows() if row in before] == before


def test_weeks_are_kept_for_the_page_of_the_merchant() -> None:
    amounts = group_of(10)
    amounts[2, 50] = 0
    made = shops(amounts)
    operations.evaluate_turnover(on=ON, at=AT)
    kept = queries.weeks_of(merchant_id=made[2].pk)
    assert kept is not None
    assert (kept.first, kept.on) == (FIRST, END)
    assert kept.taken == [round(amount) for amount in amounts[2]]
    assert [place for place, value in enumerate(kept.even) if value is None] == [50]
    assert kept.postings == [98 if place != 50 else 0 for place in range(WEEKS)]


def test_a_fall_that_was_told_and_is_over_is_told_too() -> None:
    made = shops(group_of(12))
    before = END - dt.timedelta(days=7)
    row_of("merchants.EvidenceOfTurnover", merchant=made[0], on=before, **CHANGED)
    operations.evaluate_turnover(on=ON, at=AT)
    row = EvidenceOfTurnover.objects.get(merchant=made[0], on=END)
    assert [reason["code"] for reason in row.reasons] == ["recovered", "no_change"]
    [one] = queries.suggested_phases(on=ON)
    assert (one.number, one.phase) == (made[0].number, "perfect")


def test_two_sources_of_one_merchant_are_told() -> None:
    made = shops(group_of(8))
    row_of("merchants.MerchantTurnover", merchant=made[1], day=FIRST, amount=Decimal(9))
    operations.evaluate_turnover(on=ON, at=AT)
    told = {
        row.merchant_id for row in EvidenceOfTurnover.objects.all()
        if row.reasons[-1]["code"] == "two_sources"
    }  # fmt: skip
    assert told == {made[1].pk}


def test_partners_alone_are_suggested_within_the_budget_of_their_manager() -> None:
    managers = [StaffFactory(role="relationship_manager") for _place in range(2)]
    losses = [(0, -10, True), (0, -30, True), (0, -20, True), (1, -1, True), (1, -99, False)]
    made = []
    for manager, yearly, is_partner in losses:
        shop = MerchantFactory(manager=managers[manager], is_partner=is_partner)
        made.append(shop)
        row_of(
            "merchants.EvidenceOfTurnover", merchant=shop, on=END,
            **(CHANGED | {"yearly": Decimal(yearly)}),
        )  # fmt: skip

    def asked(**more: Any) -> list[int]:
        found = queries.suggested_phases(on=ON, **more)
        assert {one.phase for one in found} <= {"wavering"}
        return [made.index(shop) for one in found for shop in made if shop.number == one.number]

    assert asked() == [1, 2, 0, 3]
    assert asked(budget=2) == [1, 2, 3]
    assert asked(budget=2, settled=[made[1].pk]) == [2, 0, 3]
    assert queries.suggested_phases(on=END - dt.timedelta(days=1)) == []


def told(language: str, *words: str) -> Any:
    out = StringIO()
    call_command(
        "suggest_phases", "--on", str(ON), "--language", language, "--json", *words, stdout=out
    )
    return json.loads(out.getvalue())


@time_machine.travel(AT, tick=False)
def test_the_command_judges_and_says_why_in_either_language() -> None:
    made = shops(fallen())
    [one] = told("en")
    assert (one["merchant"], one["phase"], one["since"]) == (
        made[3].number, "wavering", str(END - dt.timedelta(weeks=12)),
    )  # fmt: skip
    assert [reason["code"] for reason in one["reasons"]] == [
        "fell", "loss", "of_group", "by_chance",
    ]  # fmt: skip
    assert one["reasons"][0]["text"].startswith("Since the week of 2026-03-09, turnover with")
    [other] = told("zh-hans")
    in_words = {"reasons": [], "rests_on": []}
    assert (one["rests_on"], other["rests_on"]) == (["Card turnover"], ["卡交易额"])
    assert other | in_words == one | in_words
    assert told("en", "--budget", "0") == []
    with pytest.raises(CommandError, match="has not come yet"):
        call_command("suggest_phases", "--on", "2026-06-04")
    with pytest.raises(CommandError, match="is no day"):
        call_command("suggest_phases", "--on", "soon")


@time_machine.travel(AT, tick=False)
def test_the_clock_does_the_same() -> None:
    shops(fallen())
    judge_turnover()
    assert EvidenceOfTurnover.objects.filter(on=END).count() == 12


def test_the_days_are_summed_in_one_pass() -> None:
    """Nothing is joined where no file came: the plan is one aggregate over one scan."""
    shops(group_of(4))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE merchants_merchantturnover, journeys_merchantday")
        cursor.execute(f"EXPLAIN {turnover.weekly_sql(FIRST, END, with_file=False)}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert plan.count(" on ") == plan.count("on journeys_merchantday") == 1
    assert "Join" not in plan
