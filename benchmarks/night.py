"""A night of many campaigns, after one customer in a hundred changed.

    python -m benchmarks.night [CUSTOMERS] [CAMPAIGNS]

Fifty campaigns with rules of several sorts, each with a live run about everybody behind it; then
new postings of 1 % of the customers, and the live runs of the next night, one after another, each
from its start to its written figures, grants and messages included. Both nights are late on the
same day, whenever the benchmark runs: nothing is sent between them, so that who has heard what the
caps allow is not asked again for the reason of the hour. The first and the middle one
are told apart, so that one sees whether a campaign costs more the more of them there are. Beside
the night stand the fifty runs about everybody, and fifty times the fastest statement by hand that
only counts who meets the known case. The promise: under 1/20 of the runs about everybody, and
memory that stays flat.
"""

import datetime as dt
import statistics
import sys
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from benchmarks import evaluate, harness

from django.db import connection  # isort: skip

from benchmarks import approving, carry
from campaigns.models import Decision
from portal.kit import clock

CAMPAIGNS = 50
GROWTH = 32  # MB that the worker may take more after all
SEED = 7  # which customers have new postings: others than in `carry`


def main(customers: int, campaigns: int) -> None:
    """This will print what each night took, and that both found the same."""
    known, on = evaluate.prepare(customers)
    if not harness.is_full():
        on = clock.today()
        carry.forget_the_future(on)
    frame = evaluate.frame_of(known, on)
    versions = [evaluate.campaign(plan) for plan in _plans(campaigns, on)]
    for version in versions:
        approving.approve(version, at=clock.now())
    before = harness.megabytes()
    whole = [carry.night(version, on, _late(on))[0] for version in versions]
    met = Decision.objects.filter(outcome="qualified").count() / campaigns / _customers()
    print(
        f"{campaigns} runs about everybody: {sum(whole):.2f} s; {met:.1%} qualify in the mean one"
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE campaigns_decision")
    carry.post(SEED, on)
    taken, decided = [], 0
    for version in versions:
        seconds, run = carry.night(version, on, _late(on))
        assert run.base_id, run.whole_reason
        taken.append(seconds)
        decided += Decision.objects.filter(run=run).count()
    share = decided / campaigns / _customers()
    print(f"the next night: {sum(taken):.2f} s; {share:.1%} decided anew in the mean campaign")
    print(f"  the first {taken[0]:.3f} s, the median {statistics.median(taken):.3f} s,"
          f" the last {taken[-1]:.3f} s")  # fmt: skip
    harness.report(f"a night of {campaigns}, beside as many about everybody", sum(taken),
                   sum(whole), 1 / 20)  # fmt: skip
    bare = harness.median_of(3, lambda: evaluate.count_by_hand(frame))
    harness.report(f"the same, beside counting by hand {campaigns} times", sum(taken),
                   bare * campaigns)  # fmt: skip
    harness.promise("memory of the worker after it", harness.megabytes() - before, GROWTH, " MB")


def _late(on: dt.date) -> Callable[[], dt.datetime]:
    """Ten in the evening, when all channels have closed."""
    return lambda: clock.start_of(on) + dt.timedelta(hours=22)


def _plans(campaigns: int, on: dt.date) -> Iterator[dict[str, Any]]:
    """Plans that differ in what they ask and within how many days."""
    cards = evaluate.span_of(on) if harness.is_full() else {}
    for number in range(campaigns):
        span = {"days": 30 + 10 * (number % 7), "last_day": "inside"}
        many, much = 6 + number % 5, f"{900 + 150 * (number % 9)}.00"
        asked: list[dict[str, Any]] = [
            {"kind": "spending_in_window", **span, "at_least": much},
            {"kind": "purchases_in_window", **span, "at_least": many},
            {"kind": "spending_days_in_window", **span, "at_least": many},
            {"kind": "first_transaction", **span, "at_least": f"{170 + number % 10}.00"},
            {"kind": "months_in_row", "months": many, "at_least": "250.00"},
        ]
        first = [{"kind": "activated"}, {"kind": "first_used"}]
        plan = yaml.safe_load(evaluate.PLAN) | cards
        yield plan | {"code": f"night-{number}", "rule": {"all": [*first, asked[number % 5]]}}


def _customers() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journeys_customer")
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    sizes = [*numbers, *(evaluate.CUSTOMERS, CAMPAIGNS)[len(numbers) :]]
    main(sizes[0], sizes[1])
    harness.end(is_judged=harness.is_full())
