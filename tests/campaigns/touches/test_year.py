"""Over a year, for random plans, people and clocks: no message in quiet hours, none beyond a cap,
and of each cause one."""

import datetime as dt
import itertools
import random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from campaigns.models import TouchStep
from campaigns.touches import operations as touches
from journeys.models import Contact, Message
from tests.campaigns.touches import oracle
from tests.campaigns.touches.test_oracle import DAY, START, World
from tests.factories.touches import step, touched

YEAR = 365


def _plan(chance: random.Random) -> dict[str, Any]:
    """Whoever holds a card enters again and again, and is due more than the caps allow."""
    steps = [
        step(
            f"s{number}", anchor=chance.choice(["entry", "issue", "window_end"]),
            offset_days=chance.randint(0, 9), valid_days=chance.randint(0, 20),
            **({"at": chance.choice(["06:30", "10:00", "19:59", "23:30"])} if number % 2 else {}),
        )
        for number in range(chance.randint(4, 9))
    ]  # fmt: skip
    steps.append(step("always", anchor="entry", valid_days=30))
    entry = {"by": "audience", "of": "rule"}
    return {"entry": entry, "reentry": {"mode": "after_exit"}, "longest_days": 400, "steps": steps}


def _lived(seed: int, every: int) -> None:
    """One year of one random plan, looked at every so many days at an hour that wanders."""
    chance = random.Random(seed)
    persons = [
        oracle.Person(START + chance.randint(-2, 200) * DAY, None, None, [], number > 0)
        for number in range(6)
    ]
    touched(plan=_plan(chance), issued_from="2026-01-01", issued_to="2026-12-01",
            runs_to="2028-01-01")  # fmt: skip
    world = World(persons)
    for number in range(0, YEAR, every):
        at = oracle.midnight(START + number * DAY) + dt.timedelta(hours=chance.randint(0, 23))
        world.write_until(oracle.day_of(at))
        touches.sweep_touches(at=at)


@pytest.mark.django_db
@pytest.mark.parametrize(("seed", "every"), [
    (1, 6), *(pytest.param(seed, 1, marks=pytest.mark.chaos) for seed in range(2, 12)),
])  # fmt: skip
def test_over_a_year_nobody_is_told_in_quiet_hours_or_beyond_a_cap(seed: int, every: int) -> None:
    _lived(seed, every)
    rows = Contact.objects.filter(released_at=None).order_by("customer_id", "at")
    by_customer = itertools.groupby(rows.values_list("customer_id", "at"), key=lambda row: row[0])
    counted = 0
    for _customer, group in by_customer:
        times = [at for _key, at in group]
        counted += len(times)
        for at in times:
            assert 9 <= at.astimezone(ZoneInfo("Asia/Shanghai")).hour < 20
        for span, cap in ((dt.timedelta(hours=24), 2), (dt.timedelta(hours=720), 5)):
            for first in times:
                assert sum(first <= at < first + span for at in times) <= cap
    assert counted > 20
    sent = TouchStep.objects.filter(state="sent").count()
    assert sent == counted == Message.objects.exclude(state="cancelled").count()
    assert TouchStep.objects.filter(answer="cap_reached").exists()
