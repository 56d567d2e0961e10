"""The benchmark of effects at a small size: both sides find the same sums."""

import datetime as dt
import random

import pytest

from benchmarks.crowds import entrants
from campaigns.effect import operations
from campaigns.models import EffectDay, EffectLook
from portal.kit import clock
from tests.factories.campaigns import message_texts
from tests.factories.journeys import CardFactory, ProductFactory, TransactionFactory
from tests.factories.portal import head_office

pytestmark = pytest.mark.django_db


def test_ours_and_bare_find_the_same_sums() -> None:
    head_office()
    for code in ("CLASSIC", "TRAVEL", "PLATINUM"):
        ProductFactory(code=code)
    message_texts()
    rng = random.Random(1)
    today = clock.today()
    on = today - dt.timedelta(days=entrants.WINDOW + entrants.SETTLE + 1)
    for _person in range(40):
        card = CardFactory(issued_date=on - dt.timedelta(days=90))
        for back in rng.sample(range(-5, 70), 3):
            TransactionFactory(card=card, amount=50, posted_date=on + dt.timedelta(days=back))
    run = entrants.decided_run(on)
    operations.count_effects(on=on, at=clock.now())
    operations.count_effects(on=today, at=clock.now())
    _seconds, found = entrants.bare(run, on)
    rows = EffectDay.objects.order_by("is_held")
    assert {row.is_held: (row.people, row.amount) for row in rows} == found
    entrants.a_year(run)
    assert EffectDay.objects.count() == 2 * (1 + entrants.DAYS)
    assert EffectLook.objects.count() == 4 * entrants.DAYS
