"""Where cards stand against the limit, who is about to fall asleep, and when no cards may be
issued."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from journeys.activity import operations, queries
from journeys.activity.rules import USUAL, SleepLimits
from portal.staff.access import Scope
from tests.factories.activity import AT, YESTERDAY, ago, count, used_card
from tests.factories.journeys import ProductFactory, TransactionFactory
from tests.factories.portal import BranchFactory

pytestmark = pytest.mark.django_db
WHOLE = queries.Asked(Scope(""))
TODAY = YESTERDAY + dt.timedelta(days=1)


def test_before_anything_was_counted_nothing_is_said() -> None:
    assert queries.standing(asked=WHOLE) is None
    assert queries.why_no_cards(TODAY) == ""


@pytest.mark.parametrize(("asleep", "is_stopped"), [(1, False), (2, True)])
def test_at_the_ceiling_no_cards_may_be_issued(asleep: int, is_stopped: bool) -> None:
    """Of ten cards: 10 percent, and 20, which is the ceiling."""
    for number in range(10):
        used_card(ago(700), *([] if number < asleep else [ago(30)]))
    count()
    found = queries.standing(asked=WHOLE)
    assert found is not None
    assert (found.ratio.part, found.ratio.whole) == (asleep, 10)
    assert (found.is_over, found.is_near) == (is_stopped, is_stopped)
    with translation.override("en"):
        why = queries.why_no_cards(TODAY)
    assert why == (
        "Of 10 cards 2 were asleep at the end of 2026-06-30: 20.00 %. The ceiling is 20 %; no new"
        " cards may be issued until it is lower."
        if is_stopped else ""
    )  # fmt: skip


def test_a_higher_ceiling_holds_from_its_day_on() -> None:
    used_card(ago(700))
    used_card(ago(10))
    count()
    assert queries.why_no_cards(TODAY)
    operations.set_sleep_rule(
        effective_date=TODAY, limits=SleepLimits(18, Decimal(60), Decimal(55)), source="Notice",
        actor=None, at=AT,
    )  # fmt: skip
    assert queries.why_no_cards(YESTERDAY)
    assert queries.why_no_cards(TODAY) == ""


def test_cards_with_an_added_policy_function_are_left_out() -> None:
    used_card(ago(700), application=None, product=ProductFactory(code="CIVIL"))
    used_card(ago(10))
    operations.set_sleep_rule(
        effective_date=TODAY, limits=SleepLimits(18, Decimal(20), Decimal(18), ("CIVIL",)),
        source="Notice", actor=None, at=AT,
    )  # fmt: skip
    count(AT + dt.timedelta(days=1))
    found = queries.standing(asked=WHOLE)
    assert found is not None
    assert (found.ratio.part, found.ratio.whole) == (0, 1)
    listed = queries.falling_asleep(
        asked=WHOLE, on=TODAY, days=90, limits=queries.limits_of(queries.sleep_rule_on(TODAY))
    )
    assert list(listed) == []


def test_a_forecast_goes_by_what_became_of_cards_before() -> None:
    """In the 30 days before: of two that were due one woke; of two asleep one was used."""
    used_card(ago(555), ago(10))  # was to fall asleep eight days ago, and woke
    used_card(ago(556))  # fell asleep
    used_card(ago(800))  # slept all along
    used_card(ago(800), ago(1))  # slept, and was used
    used_card(ago(530))  # due now
    count()
    found = queries.standing(asked=WHOLE)
    assert found is not None
    one = found.forecasts[0]
    flow = one.flow
    assert (flow.due, flow.woke, flow.asleep, flow.left) == (2, 1, 2, 1)
    assert (one.cards, one.due) == (5, 1)
    # Two asleep, of which half leave; one due, of which half wake.
    assert one.expected == 2 * 0.5 + 1 * 0.5


def test_who_is_about_to_fall_asleep_comes_first_who_will_first() -> None:
    here, there = BranchFactory(), BranchFactory()
    # 18 months before 2026-07-01 is 2025-01-01: who rests since 2 January sleeps tomorrow.
    since = {days: dt.date(2025, 1, 1) + dt.timedelta(days=days) for days in (0, 1, 29, 30, 31)}
    cards = {
        days: used_card(dt.date(2023, 1, 1), day, customer__branch=here)
        for days, day in since.items()
    }
    closed = used_card(since[1], customer__branch=here, closed_date=YESTERDAY)
    other = used_card(since[1], customer__branch=there)
    operations.settle_marks(clock=lambda: AT)
    rows = queries.falling_asleep(asked=WHOLE, on=TODAY, days=30, limits=USUAL)
    assert [row.card_id for row in rows] == [
        cards[1].pk, other.pk, cards[29].pk, cards[30].pk,
    ]  # fmt: skip
    assert closed.pk not in {row.card_id for row in rows}
    told = [queries.drowsy(row, on=TODAY, limits=USUAL) for row in rows]
    assert [(one.asleep_date, one.days_left) for one in told][::2] == [
        (dt.date(2026, 7, 2), 1), (dt.date(2026, 7, 30), 29),
    ]  # fmt: skip
    own = queries.Asked(Scope(here.path))
    found = queries.falling_asleep(asked=own, on=TODAY, days=30, limits=USUAL)
    assert {row.card_id for row in found} == {cards[1].pk, cards[29].pk, cards[30].pk}
    TransactionFactory(card=cards[1], posted_date=TODAY)
    operations.settle_marks(clock=lambda: AT)
    assert cards[1].pk not in {row.card_id for row in rows.all()}
