"""A run after one customer in a hundred changed, beside the run about everybody.

    python -m benchmarks.carry [CUSTOMERS]

Live runs of the known case as a night has them: one about everybody, then new postings of 1 % of
the customers, then the run that stands on it; from the start of the run to its written figures,
messages and grants included. Beside it the faster of two runs about everybody, the first one and
one at the end on the same facts; that this one finds the same is checked.
The promise: under 1/20. `--full` takes the big bank.
"""

import datetime as dt
import sys
import time
from collections.abc import Callable

from benchmarks import evaluate, harness

from django.db import connection, transaction  # isort: skip

from benchmarks import approving
from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import queries
from campaigns.models import CampaignVersion, Decision, Grant, Run
from portal.kit import clock

_POST = """
INSERT INTO journeys_transaction (reference, customer_id, card_id, kind, amount, posted_date, mcc,
    channel, division_code, refund_of)
SELECT 'N%(night)s-' || id, customer_id, id, 'purchase', 300.00, %(on)s, '', '', '', ''
FROM journeys_card WHERE is_primary AND first_used_date IS NOT NULL
  AND customer_id %% 58 = %(night)s
"""
NIGHTS = 3


# Of a hundred customers, 58 of the big bank have used a card: one in 58 of these is 1 % of all.


def main(customers: int) -> None:
    """This will print the times of both, and what each of them decided about."""
    version, _last = evaluate.prepare(customers)
    on = clock.today()
    if not harness.is_full():
        forget_the_future(on)
    approving.approve(version, at=clock.now())
    first, _run = night(version, on)
    print(f"the first run, with its grants and messages: {first:.3f} s")
    carried = []
    for number in range(NIGHTS):
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE campaigns_decision")
        posted = post(number, on)
        # Each night stands on the same run: what changed since adds up.
        seconds, run = night(version, on)
        assert run.base_id, run.whole_reason
        carried.append(seconds)
        own = Decision.objects.filter(run=run).count()
        print(f"night {number + 1}: {posted} new postings, decided about {own}: {seconds:.3f} s")
    _say_search(version, on, run)
    grants = Grant.objects.count()
    Run.objects.update(mark="")
    whole, again = night(version, on)
    assert Grant.objects.count() == grants
    _same(run, again)
    print(f"the next run about everybody: {whole:.3f} s")
    harness.report("1 % changed, beside a run about everybody", carried[0], min(first, whole),
                   1 / 20)  # fmt: skip


def post(number: int, on: dt.date) -> int:
    """This will post a purchase of 1 % of the customers, by `number` others each time, and return
    how many those are."""
    with connection.cursor() as cursor:
        cursor.execute(_POST, {"night": number, "on": on})
        return int(cursor.rowcount)


def _say_search(version: CampaignVersion, on: dt.date, run: Run) -> None:
    """Who changed is looked for once a run, not once more for each of its parts and before them."""
    at, parts = clock.now(), run.chunks.count()

    def once() -> None:
        with transaction.atomic():
            queries.ground_of(version, on=on, at=at)

    search = harness.median_of(3, once)
    print(f"looking for those who changed: {search:.3f} s, once for {parts} parts")


def forget_the_future(on: dt.date) -> None:
    """This will drop the postings after `on`, which the small bank has: nothing is known of them
    here."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journeys_transaction WHERE posted_date > %s", [on])
        cursor.execute("DELETE FROM campaigns_factchange")


def night(
    version: CampaignVersion, on: dt.date, now: Callable[[], dt.datetime] = clock.now
) -> tuple[float, Run]:
    """This will make a live run of a version at `now()`, and return the seconds it took and the
    run."""
    started = time.perf_counter()
    run = eligibility.start_run(
        version_id=version.pk, kind="live", on=on, started_by=None, at=now()
    )
    eligibility.work_run(run_id=run.pk, now=now)
    seconds = time.perf_counter() - started
    run.refresh_from_db()
    assert run.state == "done", run.failure
    return seconds, run


def _same(carried: Run, whole: Run) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM (
                SELECT DISTINCT ON (customer_id) customer_id, card_id, outcome, failed_at, facts,
                    reached
                FROM campaigns_decision WHERE run_id IN (%s, %s) ORDER BY customer_id, run_id DESC
            ) a FULL JOIN (SELECT * FROM campaigns_decision WHERE run_id = %s) b USING (customer_id)
            WHERE (a.card_id, a.outcome, a.failed_at, a.facts, a.reached)
                IS DISTINCT FROM (b.card_id, b.outcome, b.failed_at, b.facts, b.reached)""",
            [carried.pk, carried.base_id, whole.pk],
        )
        different = cursor.fetchone()[0]
    assert different == 0, f"{different} decisions differ"
    ours, theirs = queries.figures_of(carried), queries.figures_of(whole)
    assert ours.outcomes == theirs.outcomes, (ours.outcomes, theirs.outcomes)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    size = numbers[0] if numbers else evaluate.CUSTOMERS
    main(size)
    harness.end(is_judged=harness.is_full())
