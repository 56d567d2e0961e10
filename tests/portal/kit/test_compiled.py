import datetime as dt

import pytest
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from portal.kit import clock
from portal.kit.compiled import Compiled
from portal.models import Staff
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 5, 6, 17, 30, tzinfo=dt.UTC)  # the seventh at the bank


def _signed_in_before(at: dt.datetime) -> QuerySet[Staff]:
    return Staff.objects.filter(
        Q(last_login__lt=at) | Q(last_login__date__gt=clock.bank_day(at)), is_active=True
    ).order_by("name")


def test_it_answers_as_the_rows_themselves_do() -> None:
    met = StaffFactory(last_login=AT - dt.timedelta(seconds=1))
    late = StaffFactory(last_login=AT)
    gone = StaffFactory(last_login=AT - dt.timedelta(days=9), is_active=False)
    ahead = StaffFactory(last_login=AT + dt.timedelta(days=3))
    asked, compiled = [met.pk, late.pk, gone.pk, ahead.pk], Compiled(_signed_in_before)
    for at in (AT, AT + dt.timedelta(seconds=1), AT - dt.timedelta(days=10)):
        expected = _signed_in_before(at).filter(pk__in=asked).values_list("pk", flat=True)
        assert compiled.among(asked, at=at) == set(expected)
    assert compiled.among(asked, at=AT) == {met.pk, ahead.pk}
    assert compiled.among([late.pk, ahead.pk], at=AT) == {ahead.pk}


def test_it_asks_nothing_about_nobody() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert Compiled(_signed_in_before).among([], at=AT) == set()
    assert not asked.captured_queries


def test_what_else_comes_of_the_instant_is_refused() -> None:
    def by_hour(at: dt.datetime) -> QuerySet[Staff]:
        return Staff.objects.filter(last_login__lt=at - dt.timedelta(hours=1))

    with pytest.raises(TypeError, match="neither the instant nor its day"):
        Compiled(by_hour).among([1], at=AT)


def test_sql_that_depends_on_the_instant_is_refused() -> None:
    def now_and_then(at: dt.datetime) -> QuerySet[Staff]:
        rows = Staff.objects.filter(last_login__lt=at)
        return rows.filter(branch=F("branch")) if at.year % 2 else rows.filter(team=None)

    def by_year(at: dt.datetime) -> QuerySet[Staff]:
        rows = Staff.objects.filter(last_login__lt=at)
        return rows.filter(team=None) if at.year > 1905 else rows

    assert Compiled(now_and_then).among([1], at=AT) == set()
    with pytest.raises(TypeError, match="SQL depends on the instant"):
        Compiled(by_year).among([1], at=AT)
