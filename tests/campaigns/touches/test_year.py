"""Over a year, for random plans, people and clocks: by what a gateway was sent, no message in quiet
hours, none beyond a cap, and of each cause one."""

import datetime as dt
import random
from typing import Any

import pytest
from django.db import connection

from campaigns.models import TouchStep
from campaigns.touches import operations as touches
from journeys.models import Contact, Message
from journeys.outreach import operations as outreach
from tests.campaigns.touches import oracle
from tests.campaigns.touches.sink import Sent, Sink, a_sink, in_quiet_hours, over_a_cap, twice
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


# What clocks are likely to get wrong, beside hours by chance.
EDGES = [
    dt.timedelta(0), dt.timedelta(hours=9, microseconds=-1), dt.timedelta(hours=9),
    dt.timedelta(hours=20, microseconds=-1), dt.timedelta(hours=20), dt.timedelta(hours=12),
]  # fmt: skip


def _looks(chance: random.Random) -> list[dt.timedelta]:
    """At which times of a day somebody looks: one by chance, and two at the edges of hours."""
    return sorted([dt.timedelta(seconds=chance.randrange(86_400)), *chance.sample(EDGES, 2)])


def _lived(seed: int, every: int, sink: Sink) -> None:
    """One year of one random plan: every so many days steps are worked off and the outbox is sent,
    at times that wander; now and then the one without the other."""
    chance = random.Random(seed)
    persons = [
        oracle.Person(START + chance.randint(-2, 200) * DAY, None, None, [], number > 0)
        for number in range(6)
    ]
    touched(plan=_plan(chance), issued_from="2026-01-01", issued_to="2026-12-01",
            runs_to="2028-01-01")  # fmt: skip
    world = World(persons)
    for number in range(0, YEAR, every):
        midnight = oracle.midnight(START + number * DAY)
        world.write_until(START + number * DAY)
        for time in _looks(chance):
            sink.now = midnight + time
            if chance.random() < 0.6:
                touches.sweep_touches(at=sink.now)
            if chance.random() < 0.8:
                outreach.send_due_messages(clock=sink.clock, seconds=3_600)


_STANDS_AS_SENT = """
SELECT id, sent_at FROM journeys_message WHERE state = 'sent'
"""


@pytest.mark.django_db
@pytest.mark.parametrize(("seed", "every"), [
    (1, 7), *(pytest.param(seed, 1, marks=pytest.mark.chaos) for seed in range(2, 12)),
])  # fmt: skip
def test_over_a_year_nobody_is_sent_anything_in_quiet_hours_or_beyond_a_cap(
    seed: int, every: int, settings: Any
) -> None:
    with a_sink(settings, oracle.midnight(START)) as sink:
        _lived(seed, every, sink)
    sent = sink.sent
    assert len(sent) > 20
    assert len({one.number for one in sent}) > 2
    assert in_quiet_hours(sent, dt.time(9), dt.time(20)) == []
    assert over_a_cap(sent, dt.timedelta(hours=24), 2) == []
    assert over_a_cap(sent, dt.timedelta(hours=720), 5) == []
    assert twice(sent) == set()
    # The caps were what held back: without them there would have been more.
    assert over_a_cap(sent, dt.timedelta(hours=24), 1) != []
    assert over_a_cap(sent, dt.timedelta(hours=720), 4) != []
    _assert_the_house_says_the_same(sent)


def _assert_the_house_says_the_same(sent: list[Sent]) -> None:
    """Messages, the ledger of contacts and the steps, beside what came to the gateway."""
    came = {int(one.key.partition("-")[0]): one.at for one in sent}
    with connection.cursor() as cursor:
        cursor.execute(_STANDS_AS_SENT)
        stands = dict(cursor.fetchall())
    assert stands == came
    waits = Message.objects.filter(state="queued").count()
    assert Contact.objects.filter(released_at=None).count() == len(came) + waits
    assert TouchStep.objects.filter(state="sent").count() == len(came) + waits
    assert TouchStep.objects.filter(answer="cap_reached").exists()


def test_the_judge_finds_what_must_not_come() -> None:
    day = oracle.midnight(START)
    at = [day + dt.timedelta(hours=hour) for hour in (8.999, 9, 19.999, 20)]
    sent = [Sent(one, "1", f"{number}-x") for number, one in enumerate(at)]
    assert in_quiet_hours(sent, dt.time(9), dt.time(20)) == [sent[0], sent[3]]
    hours = dt.timedelta(hours=24)
    assert over_a_cap(sent, hours, 4) == []
    assert over_a_cap(sent, hours, 3) == [("1", at[0])]
    # Exactly so long after is outside, and of two people each counts by himself.
    apart = [Sent(at[1], "1", "a"), Sent(at[1] + hours, "1", "b"), Sent(at[1], "2", "c")]
    assert over_a_cap(apart, hours, 1) == []
    assert (twice(apart), twice([*apart, apart[0]])) == (set(), {"a"})
