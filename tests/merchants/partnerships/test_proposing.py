"""What turnover speaks for becomes suggestions for the managers of partnerships."""

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from merchants.models import Partnership, PhaseSuggestion
from merchants.partnerships import operations, queries
from merchants.tasks import judge_turnover
from portal.kit import clock
from portal.models import Staff
from tests.factories import partnerships as made
from tests.factories.merchants import MerchantFactory
from tests.merchants.evidence.test_operations import AT, END, ON, fallen, shops
from tests.project.evidence_rows import CHANGED
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
BEGUN = dt.date(2025, 12, 1)
WEEK = dt.timedelta(weeks=1)
OVER = {"code": "recovered", "on": "2026-05-25"}


def fell(since: dt.date) -> dict[str, Any]:
    return {"code": "fell", "since": str(since), "percent": 20, "least": 10, "most": 30}


def judged(
    row: Partnership, *, on: dt.date = END, since: dt.date = END - 9 * WEEK, **more: Any
) -> None:
    """The partnership's merchant with a fall that began within two weeks around a Monday."""
    change = {"since": since, "since_from": since - WEEK, "since_to": since + WEEK}
    row_of(
        "merchants.EvidenceOfTurnover", merchant=row.merchant, on=on,
        **{**CHANGED, **change, "reasons": [fell(since)], **more},
    )  # fmt: skip


def steady(row: Partnership, **more: Any) -> None:
    row_of("merchants.EvidenceOfTurnover", merchant=row.merchant, on=END, **more)


def run(on: dt.date = ON) -> list[tuple[int, str]]:
    return [
        (one.partnership_id, one.outcome.value) for one in operations.suggest_from_evidence(on=on)
    ]


def kept() -> list[tuple[int, str, str]]:
    rows = PhaseSuggestion.objects.order_by("id")
    return [(row.partnership_id, row.to_phase, row.state) for row in rows]


def test_a_fall_is_suggested_once_with_its_reasons_and_what_is_known() -> None:
    row = made.in_phase("confirmed", on=BEGUN)
    judged(row)
    assert run() == [(row.pk, "suggested")]
    assert run() == [(row.pk, "open")]
    assert run(ON + dt.timedelta(days=1)) == [(row.pk, "open")]
    one = PhaseSuggestion.objects.get()
    assert (one.manager, one.on_date, one.from_phase, one.to_phase) == (
        row.manager, ON, "confirmed", "wavering",
    )  # fmt: skip
    assert one.reasons == [fell(END - 9 * WEEK)]
    assert one.evidence["on"] == str(ON)


def test_what_holds_is_not_in_the_table_or_comes_too_early_is_not_suggested() -> None:
    leader = made.manager()
    holds = made.in_phase("wavering", on=BEGUN, manager=leader)
    early = made.in_phase("comparison", on=BEGUN, manager=leader)
    fresh = made.in_phase("confirmed", on=ON - dt.timedelta(days=153), manager=leader)
    ended = made.in_phase("ended", on=BEGUN, manager=leader)
    for row in (holds, early, fresh, ended):
        judged(row)
    assert sorted(run()) == sorted(
        [(holds.pk, "holds"), (early.pk, "no_move"), (fresh.pk, "barred")]
    )
    assert kept() == []
    [barred] = [one for one in operations.suggest_from_evidence(on=ON) if one.outcome == "barred"]
    assert "2026-06-04" in barred.why[0]
    assert run(dt.date(2026, 6, 4))[-1] == (fresh.pk, "suggested")


def test_a_return_is_barred_and_a_second_person_whom_the_rule_asks_for_bars_nothing() -> None:
    row = made.in_phase("adjustment", on=BEGUN)  # on 2026-06-29 at the earliest
    on = dt.date(2026, 7, 27)
    made.moved(row, "wavering", on=on)
    made.decided(made.asked(row, "adjustment", on=on), "approve", on=on)
    judged(row, on=on)
    assert run(on + dt.timedelta(days=20)) == [(row.pk, "barred")]
    made.set_rule(effective_date=on, second_person=["adjustment-wavering"])
    assert run(on + dt.timedelta(days=30)) == [(row.pk, "suggested")]


def test_what_was_answered_stays_answered_for_the_same_change() -> None:
    row = made.in_phase("confirmed", on=BEGUN)
    judged(row)
    run()
    operations.decline_suggestion(
        suggestion_id=PhaseSuggestion.objects.get().pk, reason="装修", actor=row.manager,
        at=clock.start_of(ON),
    )  # fmt: skip
    assert run() == [(row.pk, "answered")]
    judged(row, on=END + WEEK, since=END - 8 * WEEK)  # the same fall, dated a week later
    assert run(ON + WEEK) == [(row.pk, "answered")]
    judged(row, on=END + 2 * WEEK, since=END - 5 * WEEK)
    assert run(ON + 2 * WEEK) == [(row.pk, "suggested")]
    assert kept() == [(row.pk, "wavering", "declined"), (row.pk, "wavering", "open")]


def test_the_end_of_a_fall_is_suggested_once_where_turnover_is_known_to_hold() -> None:
    from journeys.models import MerchantDay

    row = made.in_phase("wavering", on=BEGUN)
    steady(row, reasons=[OVER])
    on = ON + dt.timedelta(days=90)  # 64 days in its phase
    assert run(on) == [(row.pk, "barred")]  # nothing shows that it is stable
    for back in (1, 170):
        MerchantDay.objects.create(
            merchant=row.merchant, day=on - dt.timedelta(days=back), purchases=1, refunds=0,
            amount=100,
        )  # fmt: skip
    MerchantDay.objects.create(
        merchant=row.merchant, day=on - dt.timedelta(days=300), purchases=1, refunds=0, amount=1
    )
    assert run(on) == [(row.pk, "suggested")]
    operations.decline_suggestion(
        suggestion_id=PhaseSuggestion.objects.get().pk, reason="再看", actor=row.manager,
        at=clock.start_of(on),
    )  # fmt: skip
    assert run(on) == [(row.pk, "answered")]


def test_the_largest_losses_come_first_within_a_managers_alarms_of_the_week() -> None:
    leader = made.manager()
    rows = [made.in_phase("confirmed", on=BEGUN, manager=leader) for _place in range(4)]
    other = made.in_phase("confirmed", on=BEGUN)
    for row, loss in zip([*rows, other], (20, 40, 10, 30, 1), strict=True):
        judged(row, yearly=Decimal(-loss))
    assert run() == [
        (rows[1].pk, "suggested"), (rows[3].pk, "suggested"), (rows[0].pk, "no_alarm"),
        (rows[2].pk, "no_alarm"), (other.pk, "suggested"),
    ]  # fmt: skip
    assert [outcome for _row, outcome in run()].count("suggested") == 0
    assert run(ON + WEEK) == [
        (rows[1].pk, "open"), (rows[3].pk, "open"), (rows[0].pk, "suggested"),
        (rows[2].pk, "suggested"), (other.pk, "open"),
    ]  # fmt: skip
    assert PhaseSuggestion.objects.count() == 5


def test_nothing_is_suggested_where_no_rule_is_in_force_or_nothing_was_judged() -> None:
    assert run() == []
    row = made.in_phase("confirmed", on=BEGUN)
    assert run() == []
    judged(row)
    assert run(dt.date(2025, 11, 30)) == []


def test_an_open_suggestion_of_another_phase_lapses() -> None:
    row = made.in_phase("confirmed", on=BEGUN)
    known = queries.evidence_of(partnerships=[row], on=ON)[row.pk]
    for to in ("wavering", "adjustment"):
        operations.suggest_move(partnership_id=row.pk, to=to, reasons=[OVER], evidence=known, on=ON)
    assert kept() == [(row.pk, "wavering", "lapsed"), (row.pk, "adjustment", "open")]


def test_the_trend_comes_from_the_judged_evidence() -> None:
    row, unknown = made.begun(), made.begun()
    steady(row, trend=-0.1234, weeks=104)
    steady(unknown, state="not_enough", trend=0.5, weeks=3)
    known = queries.evidence_of(partnerships=[row, unknown], on=ON)
    measure = next(one for one in known[row.pk].measures if one.code == "turnover_trend")
    assert (measure.value, measure.first, measure.end) == (
        Decimal("-12.3"), END - 52 * WEEK, END,
    )  # fmt: skip
    assert measure.source == "merchants.evidence"
    assert known[unknown.pk].value("turnover_trend") is None


def planted() -> Partnership:
    """A partnership in its confirmed phase whose merchant lost half of its turnover."""
    shop = shops(fallen())[3]
    shop.manager = made.manager(branch=shop.branch)
    shop.division_code = made.CITY
    shop.save()
    return made.in_phase("confirmed", on=BEGUN, merchant=shop)


@time_machine.travel(AT, tick=False)
def test_a_decline_reaches_its_managers_page_in_both_languages(
    client_of: Callable[..., Client],
) -> None:
    row = planted()
    judge_turnover()
    judge_turnover()
    assert kept() == [(row.pk, "wavering", "open")]
    client = client_of(row.manager)
    for language, words in (("en", "Since the week of 2026-03-09"), ("zh-hans", "2026-03-09")):
        Staff.objects.filter(pk=row.manager_id).update(language=language)
        for address in (
            reverse("partnership_page", args=[row.pk]), reverse("partnership_mine"),
            reverse("home"),
        ):  # fmt: skip
            page = client.get(address).content.decode()
            assert words in page
            assert ("Since the week" in page) is (language == "en")


@time_machine.travel(AT, tick=False)
def test_the_command_suggests_and_says_what_came_of_each_finding() -> None:
    row = planted()
    MerchantFactory()

    def told(on: dt.date = ON) -> list[dict[str, Any]]:
        out = StringIO()
        call_command("suggest_phases", "--on", str(on), "--language", "en", "--json", stdout=out)
        found: list[dict[str, Any]] = json.loads(out.getvalue())
        return found

    [first] = told()
    assert (first["merchant"], first["phase"]) == (row.merchant.number, "wavering")
    assert first["suggestion"] == {
        "partnership": row.pk, "outcome": "suggested", "text": "Suggested to its manager",
        "why": [],
    }  # fmt: skip
    [again] = told()
    assert again == {**first, "suggestion": again["suggestion"]}
    assert again["suggestion"]["outcome"] == "open"
    assert kept() == [(row.pk, "wavering", "open")]
    PhaseSuggestion.objects.all().delete()
    [before] = told(END - dt.timedelta(days=1))  # a week that is over
    assert before["suggestion"] is None
    assert kept() == []
