"""Counting what a campaign brought about among all customers of a bank, and its page, beside
hand-written SQL.

    python -m benchmarks.effects [CUSTOMERS]

Everybody qualified in one live run, a tenth is the control group. Ours: taking the run in, and one
count of its day of entry with window and look. Bare: one statement that sums the window of the same
people, without the checks, and keeps nothing; both must find the same sums. Then the page of the
campaign after a year of daily looks, at p50 and p95. The promise: below 300 ms at p95.
"""

import datetime as dt
import logging
import sys
import time
from typing import Any

from benchmarks import harness

harness.boot()

from django.conf import settings  # noqa: E402  (settings come first)
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks.crowds import entrants  # noqa: E402
from campaigns.effect import operations, queries  # noqa: E402
from campaigns.models import EffectDay, Run  # noqa: E402
from portal.kit import clock  # noqa: E402
from portal.models import Staff  # noqa: E402

CUSTOMERS = 1_000_000 if harness.is_full() else 50_000
ASKED, PROMISED = 120, 300
_COUNTS = "\nWITH due AS"
_counted: list[tuple[str, Any]] = []


def main(customers: int) -> None:
    """This will print both sides, and how long the page takes."""
    harness.load_bank(customers=customers, transactions=20 * customers)
    on = clock.today() - dt.timedelta(days=entrants.WINDOW + entrants.SETTLE + 1)
    run = entrants.decided_run(on)
    started = time.perf_counter()
    operations.count_effects(on=on, at=clock.now())
    print(f"taking in {customers:,} people and their days before: {_since(started):.3f} s")
    started = time.perf_counter()
    with connection.execute_wrapper(_remember):
        operations.count_effects(on=clock.today(), at=clock.now())
    ours = _since(started)
    _show_scans()
    bare, found = entrants.bare(run, on)
    harness.report("counting the window", ours, bare)
    kept = {row.is_held: (row.people, row.amount) for row in EffectDay.objects.order_by("is_held")}
    assert kept == found, (kept, found)
    page(run)


def _since(started: float) -> float:
    return time.perf_counter() - started


def _remember(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """Keeps the statement that counts, to ask afterwards how it reads."""
    if sql.startswith(_COUNTS):
        _counted.append((sql, params))
    return execute(sql, params, many, context)


def _show_scans() -> None:
    [(sql, params)] = _counted
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", params)
        lines = [row[0].strip() for row in cursor.fetchall()]
    print("the count reads by:", *(line for line in lines if "Scan" in line), sep="\n    ")


def page(run: Run) -> None:
    """This will print p50 and p95 of the campaign's page after a year, beside the bare sums."""
    entrants.a_year(run)
    settings.ALLOWED_HOSTS = ["*"]
    logging.disable(logging.WARNING)
    client = Client()
    owner = Staff.objects.get(username="owner")
    client.force_login(owner, "portal.staff.access.backend.StaffBackend")
    url = reverse("effect_list", query={"campaign": run.campaign.code})
    taken = []
    for _time in range(ASKED):
        started = time.perf_counter()
        assert client.get(url).status_code == 200
        taken.append(_since(started))
    taken.sort()
    sums = harness.median_of(20, lambda: queries.sums_of([run.campaign_id]))
    p50, p95 = (taken[int(len(taken) * share)] * 1000 for share in (0.5, 0.95))
    print(f"page: p50 {p50:.0f} ms, p95 {p95:.0f} ms, of these the sums {sums * 1000:.1f} ms")
    harness.promise("the page of effect, p95", p95, PROMISED, " ms")


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    size = numbers[0] if numbers else CUSTOMERS
    main(size)
    harness.end(is_judged=size >= CUSTOMERS)
