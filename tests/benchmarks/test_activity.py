"""The benchmark of active cards at a small size: the figures are what its bare statement counts,
before and after a night."""

import datetime as dt

import pytest

from benchmarks.daily import active
from journeys.activity import operations
from portal.kit import clock
from tests.factories.activity import ago, used_card

pytestmark = pytest.mark.django_db


def test_the_figures_are_what_the_bare_statement_counts() -> None:
    on = clock.today() - dt.timedelta(days=1)
    for number in range(40):
        used_card(ago(800 - number, of=on), ago(20 * number, of=on))
    used_card(ago(700, of=on))
    active.define()
    active.do(active.MARK_ALL)
    operations.count_figures(back=1)
    before = active.counted(on)
    assert active.kept(on) == before
    active.do(active.BOUGHT, on=on)
    operations.count_figures(back=1)
    assert active.kept(on) == active.counted(on) != before
