"""Days are counted once, and again when facts come late; what was known stays readable."""

import datetime as dt
import random

import pytest

from journeys.kpis import queries
from journeys.kpis.enums import Dimension
from journeys.kpis.models import CutoffRule, FigureDay, FigureEntry, FigureMark
from journeys.models import Application, Card
from portal.kit import clock
from portal.models import AuditEntry
from portal.staff.access import Scope
from tests.factories.journeys import CardFactory, ProductFactory
from tests.journeys.kpis.worlds import AT, FIRST, SPAN, World, count, figures_at, kept, told

pytestmark = pytest.mark.django_db
WHOLE = Scope("")
DAY = dt.date(2026, 3, 2)
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize("seed", range(6))
def test_the_ledger_says_what_all_facts_say_however_late_they_come(seed: int) -> None:
    world = World(seed)
    at = AT
    count(at)
    assert not FigureMark.objects.exists()
    assert kept() == told()
    for _ in range(12):
        world.change()
        at += HOUR
        count(at)
        assert kept() == told()
    assert len(kept()) > 80
    # Twice is as good as once.
    entries = FigureEntry.objects.count()
    FigureMark.objects.bulk_create(FigureMark(day=day.day) for day in FigureDay.objects.all())
    count(at + HOUR)
    assert FigureEntry.objects.count() == entries


def test_any_figure_equals_a_scan_on_200_random_days_branches_and_products() -> None:
    world = World(99, size=60)
    count()
    for _ in range(10):
        world.change()
    count(AT + HOUR)
    luck, spoken = random.Random(1), 0
    for _ in range(200):
        ours, counted = figures_at(
            FIRST + dt.timedelta(days=luck.randrange(SPAN + 10)), luck.choice(world.branches).pk,
            luck.choice(world.products).pk,
        )  # fmt: skip
        assert ours == counted
        spoken += any(counted)
    assert spoken > 40


def test_only_days_of_which_facts_came_are_counted_again() -> None:
    card = CardFactory(issued_date=DAY)
    other = CardFactory(issued_date=DAY + dt.timedelta(days=9))
    filed = {card.application.filed_date, other.application.filed_date}
    assert set(count()) == {*filed, DAY, other.issued_date}
    assert count(AT + HOUR) == []
    # Uses of a card and its place on the clock move no figure.
    Card.objects.filter(pk=card.pk).update(first_used_date=DAY, closed_date=DAY)
    Application.objects.filter(pk=card.application_id).update(is_fast_track=True)
    assert count(AT + HOUR) == []
    Card.objects.filter(pk=card.pk).update(activated_date=DAY + dt.timedelta(days=3))
    assert count(AT + 2 * HOUR) == [DAY, DAY + dt.timedelta(days=3)]
    Card.objects.filter(pk=other.pk).delete()
    assert count(AT + 3 * HOUR) == [other.issued_date]
    lines = AuditEntry.objects.filter(action="figures.counted").order_by("id")
    written = [line.changes["written"] for line in lines]
    assert written[1:] == [1, 1]
    days = lines.last().changes["restated_days"]  # type: ignore[union-attr]
    assert days == [str(other.issued_date)]


def test_what_is_written_after_the_marks_were_read_stays_marked() -> None:
    card = CardFactory(issued_date=DAY)
    count()
    Card.objects.filter(pk=card.pk).update(activated_date=DAY)
    seen = list(FigureMark.objects.values_list("pk", flat=True))
    Card.objects.filter(pk=card.pk).update(is_primary=False)
    FigureMark.objects.filter(pk__in=seen).delete()  # as who had read the marks before
    assert count(AT + HOUR) == [DAY]
    assert kept() == told()


def test_a_day_is_read_as_it_was_known_at_any_instant() -> None:
    product = ProductFactory()
    first = CardFactory(issued_date=DAY, application__product=product)
    key = str(first.branch_id)
    cutoff, closed = queries.instants_of(DAY)
    assert (cutoff, closed) == (
        clock.at_time(DAY, dt.time(18)), clock.at_time(DAY + dt.timedelta(days=1), dt.time(8)),
    )  # fmt: skip
    count(cutoff - HOUR)
    CardFactory(issued_date=DAY, branch=first.branch, application__product=product)
    count(closed - HOUR)
    late = CardFactory(issued_date=DAY, branch=first.branch, application__product=product)
    count(closed + HOUR)
    Card.objects.filter(pk=late.pk).delete()
    Card.objects.filter(pk=first.pk).delete()
    count(closed + 50 * HOUR)

    def issued(known: dt.datetime | None) -> int:
        end = DAY + dt.timedelta(days=1)
        found = queries.issued_by(scope=WHOLE, by=Dimension.BRANCH, first=DAY, end=end, known=known)
        return found.get(key, 0)

    instants = [cutoff - HOUR, cutoff, closed, closed + 2 * HOUR, closed + 60 * HOUR, None]
    assert [issued(at) for at in instants] == [0, 1, 2, 3, 1, 1]


def test_a_later_rule_moves_no_report_that_was_counted() -> None:
    CardFactory(issued_date=DAY)
    count(clock.at_time(DAY, dt.time(12)))
    CutoffRule.objects.create(
        effective_date=DAY, cutoff_time=dt.time(12), closed_time=dt.time(6), source="Board"
    )
    assert queries.closed_at(DAY) == clock.at_time(DAY + dt.timedelta(days=1), dt.time(8))
    later = DAY + dt.timedelta(days=1)
    assert queries.instants_of(later) == (
        clock.at_time(later, dt.time(12)),
        clock.at_time(later + dt.timedelta(days=1), dt.time(6)),
    )
    before = DAY - dt.timedelta(days=30)
    assert queries.instants_of(before)[0] == clock.at_time(before, dt.time(18))


def test_a_card_of_which_nothing_is_known_is_counted_as_not_known() -> None:
    card = CardFactory(issued_date=DAY, application=None, product=ProductFactory())
    count()
    end = DAY + dt.timedelta(days=1)
    keys = {
        Dimension.PERSON: None, Dimension.TEAM: None, Dimension.SOURCE: "unknown",
        Dimension.PRODUCT: str(card.product_id), Dimension.BRANCH: str(card.branch_id),
    }  # fmt: skip
    for by, key in keys.items():
        assert queries.issued_by(scope=WHOLE, by=by, first=DAY, end=end) == {key: 1}
    elsewhere = Scope("/HO/NOWHERE/")
    assert queries.issued_by(scope=elsewhere, by=Dimension.TEAM, first=DAY, end=end) == {}


def test_a_day_without_facts_is_closed_too_and_what_comes_late_of_it_is_late() -> None:
    noon = clock.at_time(DAY, dt.time(12))
    count(noon)
    assert list(FigureDay.objects.values_list("day", flat=True)) == [DAY]
    count(noon + 72 * HOUR)  # nobody counted for two days
    assert FigureDay.objects.count() == 4
    CardFactory(issued_date=DAY)
    old = CardFactory(issued_date=DAY - dt.timedelta(days=300))
    count(noon + 73 * HOUR)
    [line] = AuditEntry.objects.filter(action="figures.counted")
    # The card of before figures were kept restates nothing: its day is closed with its first count.
    assert line.changes["restated_days"] == [str(DAY)]
    assert FigureDay.objects.get(day=old.issued_date).closed_at > noon + 73 * HOUR
