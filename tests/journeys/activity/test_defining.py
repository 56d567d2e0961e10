"""What active cards are, and when a card sleeps: data with a day and a source, never changed."""

import datetime as dt
from decimal import Decimal

import pytest

from journeys.activity import operations, queries
from journeys.activity.models import ActiveDefinition, ActivityDay, SleepDay, SleepRule
from journeys.activity.rules import USUAL, SleepLimits
from portal.models import AuditEntry
from portal.staff.access import Scope
from tests.factories.activity import AT, YESTERDAY, ago, count, define, used_card
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
TODAY = YESTERDAY + dt.timedelta(days=1)


def test_each_figure_says_by_which_version_it_was_counted() -> None:
    """A version from yesterday on: the day before was counted by the one before it."""
    old = define(window_days=60, effective_date=dt.date(2020, 1, 1))
    new = ActiveDefinition.objects.create(
        code="board", name="活卡率", name_en="Active", counted="cards", window_days=30,
        effective_date=YESTERDAY, source="Board, 2026-7", set_at=AT,
    )  # fmt: skip
    used_card(ago(400), ago(45))
    count()
    asked = queries.Asked(Scope(""))
    found = queries.active_by_day(asked=asked, code="board", first=ago(1), last=YESTERDAY)
    assert {day: (one.definition_id, one.ratio.part) for day, one in found.items()} == {
        ago(1): (old.pk, 1), YESTERDAY: (new.pk, 0),
    }  # fmt: skip
    named = queries.versions_of("board", ids={one.definition_id for one in found.values()})
    assert [str(one) for one in named] == ["board 2026-06-30", "board 2020-01-01"]


def test_the_first_version_of_a_code_may_begin_in_the_past_and_is_counted_from_there() -> None:
    used_card(ago(400), ago(45))
    count()
    assert not ActivityDay.objects.exists()
    person = StaffFactory(role="compliance")
    row = operations.set_definition(
        actor=person, at=AT, code="board", name="活卡率", name_en="Active", counted="cards",
        window_days=90, effective_date=ago(1), source="Board", policy_products=[],
    )  # fmt: skip
    count()
    days = ActivityDay.objects.order_by("day").values_list("day", "used")
    assert list(days) == [(ago(1), 1), (YESTERDAY, 1)]
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.reason, entry.target_key) == (
        "active_definition.set", "Board", str(row.pk),
    )  # fmt: skip
    assert entry.changes["window_days"] == 90


@pytest.mark.parametrize("day", [ago(0), dt.date(2020, 1, 1)])
def test_a_later_version_changes_no_day_that_has_passed(day: dt.date) -> None:
    define(effective_date=dt.date(2020, 1, 1))
    with pytest.raises(operations.SettingNotAllowed):
        define(effective_date=day)
    assert ActiveDefinition.objects.count() == 1


def test_a_limit_counts_from_its_day_on() -> None:
    used_card(ago(400))
    operations.set_sleep_rule(
        effective_date=TODAY, limits=SleepLimits(12, Decimal(15), Decimal(10)), source="Notice",
        actor=None, at=AT,
    )  # fmt: skip
    count(AT + dt.timedelta(days=1), back=2)
    found = SleepDay.objects.order_by("day").values_list("day", "rule__months", "asleep")
    assert list(found) == [(YESTERDAY, None, 0), (TODAY, 12, 1)]
    assert queries.limits_of(queries.sleep_rule_on(YESTERDAY)) == USUAL
    assert queries.limits_of(queries.sleep_rule_on(TODAY)) == SleepLimits(
        12, Decimal(15), Decimal(10)
    )


@pytest.mark.parametrize(
    ("day", "ceiling", "near"),
    [(YESTERDAY, 20, 18), (TODAY, 20, 21), (TODAY, 101, 18), (TODAY, 20, 0)],
)
def test_a_limit_that_makes_no_sense_is_refused(day: dt.date, ceiling: int, near: int) -> None:
    limits = SleepLimits(18, Decimal(ceiling), Decimal(near))
    with pytest.raises(operations.SettingNotAllowed):
        operations.set_sleep_rule(
            effective_date=day, limits=limits, source="Notice", actor=None, at=AT
        )
    assert not SleepRule.objects.exists()


def test_a_day_has_one_limit() -> None:
    given = {"limits": USUAL, "source": "Notice", "actor": None, "at": AT}
    operations.set_sleep_rule(effective_date=TODAY, **given)  # type: ignore[arg-type]
    with pytest.raises(operations.SettingNotAllowed):
        operations.set_sleep_rule(effective_date=TODAY, **given)  # type: ignore[arg-type]
    assert SleepRule.objects.count() == 1
    assert AuditEntry.objects.filter(action="sleep_rule.set").count() == 1
