"""Every night the figures are held against the transactions, and what differs is shown and
mended."""

import datetime as dt

import pytest
from django.db import connection

from journeys.activity import operations, queries
from journeys.activity.models import ActivityDay, ActivityProof, CohortMonth, SleepDay
from journeys.models import CardRest
from journeys.tasks import count_activity, prove_activity
from portal.kit import clock
from portal.models import AuditEntry
from tests.factories.activity import AT, YESTERDAY, ago, count, define, used_card
from tests.factories.journeys import TransactionFactory
from tests.journeys.activity.test_counting import assert_as_counted_naively

pytestmark = pytest.mark.django_db


def proved() -> list[tuple[str, int, int]]:
    rows = operations.prove_figures(on=YESTERDAY, at=AT)
    return [(row.about, row.compared, row.differing) for row in rows]


def test_figures_that_are_right_differ_in_nothing() -> None:
    define("cards")
    define("people", counted="customers")
    used_card(ago(10), ago(3))
    used_card(ago(700), ago(600))
    count()
    assert queries.is_unproved(YESTERDAY)
    assert proved() == [("active", 2, 0), ("active", 2, 0), ("sleep", 2, 0), ("cohort", 1, 0)]
    assert ActivityProof.objects.count() == 4
    assert not AuditEntry.objects.filter(action="activity.differs").exists()


def test_what_differs_is_shown_and_counted_anew() -> None:
    """Somebody's hand on rests and figures: the proof says in which branch and by how much, and the
    next count is right again."""
    define("cards")
    define("people", counted="customers")
    card = used_card(ago(10), ago(3))
    used_card(ago(700), ago(20))
    count()
    CardRest.objects.filter(card=card, until=None).update(is_used=False)
    ActivityDay.objects.filter(branch=card.branch).update(used=0)
    SleepDay.objects.filter(branch=card.branch).update(asleep=1)
    CohortMonth.objects.filter(branch=card.branch).update(used_30=0)
    assert proved() == [("active", 2, 1), ("active", 2, 1), ("sleep", 2, 1), ("cohort", 1, 1)]
    told = {row.about: row.differences for row in ActivityProof.objects.order_by("id")}
    here = {"branch": card.branch.code, "product": "GOLD"}
    assert told == {
        "active": [{"branch": card.branch.code, "product": "", "kept": [1, 0], "counted": [1, 1]}],
        "sleep": [here | {"kept": [1, 1, 0, 0, 0], "counted": [1, 0, 0, 0, 0]}],
        "cohort": [here | {"kept": [1, 0, 1, 1], "counted": [1, 1, 1, 1]}],
    }
    said = AuditEntry.objects.filter(action="activity.differs").values_list("changes", flat=True)
    assert [one["rows"] for one in said] == [1, 1, 1, 1]
    count(AT + dt.timedelta(hours=1))
    assert_as_counted_naively()
    assert proved() == [("active", 2, 0), ("active", 2, 0), ("sleep", 2, 0), ("cohort", 1, 0)]


def test_facts_that_come_in_meanwhile_are_no_difference() -> None:
    define()
    card = used_card(ago(400), ago(300))
    count()
    TransactionFactory(card=card, posted_date=YESTERDAY)
    assert proved() == []
    count(AT + dt.timedelta(hours=1))
    assert [row[2] for row in proved()] == [0, 0]


def test_a_day_that_is_to_be_counted_again_is_not_proved() -> None:
    define()
    card = used_card(ago(400), ago(300))
    count()
    TransactionFactory(card=card, posted_date=YESTERDAY)
    operations.settle_marks(clock=lambda: AT)
    assert proved() == []
    assert not queries.is_unproved(YESTERDAY)


def test_the_clock_counts_and_proves_yesterday_once() -> None:
    define()
    day = clock.today() - dt.timedelta(days=1)
    used_card(ago(3, of=day), ago(2, of=day))
    count_activity()
    prove_activity()
    first = list(ActivityProof.objects.values_list("day", "about", "differing"))
    assert first == [(day, "active", 0), (day, "sleep", 0), *first[2:]]
    prove_activity()
    assert ActivityProof.objects.count() == len(first)


def test_a_card_that_goes_takes_its_rests_along() -> None:
    """Also where it is deleted by a hand on the database."""
    card = used_card(ago(400))
    count()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journeys_card WHERE id = %s", [card.pk])
    assert not CardRest.objects.exists()
