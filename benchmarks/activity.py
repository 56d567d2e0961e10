"""Active and sleeping cards from their figures by day, beside the same asked of cards and
transactions.

    python -m benchmarks.activity [CUSTOMERS]

The big bank, with twenty transactions for each customer. First since when each card rests is told
from all transactions, once. Then a night: purchases of yesterday by a twentieth of the cards come
in, are settled, and the day is counted; beside it one bare statement that counts the same day from
the transactions and keeps nothing. Then the page: its figures of half a year of days, beside the
bare statement for one day of them. What is counted is proved: no row may differ.
"""

import datetime as dt
import sys
import time
from collections.abc import Callable

from benchmarks import harness

harness.boot()

from benchmarks.daily import active  # noqa: E402  (settings come first)
from journeys.activity import operations, queries  # noqa: E402
from portal.kit import clock  # noqa: E402
from portal.staff.access import Scope  # noqa: E402

CUSTOMERS, RUNS = 1_000_000, 3
DAYS_SHOWN = 182


def main(customers: int) -> dict[str, float]:
    """This will print what is told, counted and read, and return the seconds of each."""
    harness.load_bank(customers=customers, transactions=20 * customers)
    on = clock.today() - dt.timedelta(days=1)
    active.define()
    active.do(active.MARK_ALL)
    found = {"told": _timed("rests of all cards, told once", operations.settle_marks)}
    active.do("VACUUM ANALYZE journeys_cardrest, journeys_cardmark")
    operations.count_figures(back=1)
    active.do(active.BOUGHT, on=on)
    found["night"] = _timed(
        "a night: settled, and the day counted", lambda: operations.count_figures(back=1)
    )
    bare = harness.median_of(RUNS, lambda: active.counted(on))
    harness.report(
        "a day counted, beside one statement over all transactions", found["night"], bare
    )
    assert active.counted(on) == active.kept(on), "the figures are not what a bare count says"
    proofs = operations.prove_figures(on=on, at=clock.now())
    assert [one.differing for one in proofs] == [0] * len(proofs), proofs
    operations.count_figures(back=DAYS_SHOWN, seconds=None if customers < 10_000 else 60)
    found["page"] = harness.median_of(RUNS, lambda: _page(on))
    harness.report("the page, beside one statement over all transactions", found["page"], bare)
    return found


def _page(on: dt.date) -> None:
    asked, first = queries.Asked(Scope("")), on - dt.timedelta(days=DAYS_SHOWN)
    queries.active_by_day(asked=asked, code="board", first=first, last=on)
    queries.asleep_by_day(asked=asked, first=first, last=on)
    queries.standing(asked=asked)
    queries.cohorts(asked=asked, first=first)


def _timed(name: str, work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    done = work()
    taken = time.perf_counter() - begun
    print(f"{name}: {done} in {taken:.2f} s", flush=True)
    return taken


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CUSTOMERS)
