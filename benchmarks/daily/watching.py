"""How long it takes to count, read and prove the figures of a bank that stands."""

import functools
import random
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from benchmarks import harness
from journeys.kpis import operations, queries
from journeys.kpis.enums import Dimension
from journeys.kpis.models import FigureEntry, FigureMark
from portal.kit import clock
from portal.models import Branch, Staff

PROMISE = 300.0
ASKED = 60
TRIPLES = 200
_MARK_ALL = """
INSERT INTO journeys_figuremark (day) SELECT DISTINCT day FROM (
    SELECT filed_date AS day FROM journeys_application UNION SELECT decided_date
    FROM journeys_application UNION SELECT issued_date FROM journeys_card UNION
    SELECT activated_date FROM journeys_card) d WHERE day IS NOT NULL
"""
# What the page shows of a month by branch, without a ledger.
_BARE = """
SELECT branch_id, count(*) FILTER (WHERE what = 'filed' AND day = %(day)s),
    count(*) FILTER (WHERE what = 'issued' AND day = %(day)s),
    count(*) FILTER (WHERE what = 'issued'), count(*) FILTER (WHERE what = 'activated')
FROM (
    SELECT branch_id, filed_date AS day, 'filed' AS what FROM journeys_application
    WHERE filed_date >= %(first)s AND filed_date <= %(day)s
    UNION ALL SELECT branch_id, issued_date, 'issued' FROM journeys_card
    WHERE issued_date >= %(first)s AND issued_date <= %(day)s
    UNION ALL SELECT branch_id, activated_date, 'activated' FROM journeys_card
    WHERE activated_date >= %(first)s AND activated_date <= %(day)s
) f GROUP BY branch_id
"""
_LATE = """
UPDATE journeys_card SET activated_date = issued_date WHERE id IN (
    SELECT DISTINCT ON (issued_date) id FROM journeys_card
    WHERE activated_date IS DISTINCT FROM issued_date AND closed_date IS NULL
    ORDER BY issued_date DESC, id LIMIT %s)
"""
_COUNTED = """
SELECT (SELECT count(*) FROM journeys_application WHERE filed_date = %(day)s
            AND branch_id = %(branch)s AND product_id = %(product)s),
    (SELECT count(*) FROM journeys_card WHERE issued_date = %(day)s
            AND branch_id = %(branch)s AND product_id = %(product)s),
    (SELECT count(*) FROM journeys_card WHERE activated_date = %(day)s
            AND branch_id = %(branch)s AND product_id = %(product)s)
"""
_KEPT = """
SELECT coalesce(sum(filed), 0), coalesce(sum(issued), 0), coalesce(sum(activated), 0)
FROM journeys_figureentry
WHERE day_id = %(day)s AND branch_id = %(branch)s AND product_id = %(product)s
"""


def measure(customers: int) -> None:
    """This will count and read the figures of the bank that stands, and print how long it took."""
    print(f"{customers:,} customers", flush=True)
    _do(_MARK_ALL)
    first = _seconds(lambda: operations.count_days(now=clock.now))
    _do("ANALYZE journeys_figureentry")
    print(f"all days counted once: {first:.2f} s, entries {FigureEntry.objects.count():,}")
    _pages()
    proof = _seconds(lambda: operations.prove_figures(now=clock.now))
    print(f"proof of all days: {proof:.2f} s")
    for days in (1, 10, 100):
        _do(_LATE, [days])
        marked = queries.marked_days()
        ours = _seconds(lambda: operations.count_days(now=clock.now))
        harness.report(f"{marked} days of which facts came, against all days", ours, proof)
    found = queries.newest_proof()
    assert found is not None
    assert found.holds, "the figures are not what a recount says"
    _compare()


def _pages() -> None:
    days = _days()
    head = Branch.objects.get(code="HO")
    branch = Branch.objects.exclude(pk=head.pk).order_by("pk")[0]
    for role, place in (("analyst", head), ("branch_manager", branch)):
        ask = _client(role, place)
        for by in Dimension.values:
            pages = [{"day": str(day), "by": by} for day in days[:ASKED]]
            report = functools.partial(ask, "sales_report")
            _show(f"{role}: sales report by {by}", [functools.partial(report, p) for p in pages])
        for name in ("home", "lead_figures", "approval_figures"):
            _show(f"{role}: {name}", [functools.partial(ask, name, {})] * 5)
    ids = [row.pk for row in Branch.objects.order_by("pk")]
    for day in days[:3]:
        values = {"day": day, "first": day.replace(day=1)}
        lines = functools.partial(queries.lines_of, queries.Wanted(day, ids), Dimension.BRANCH)
        harness.report(
            f"lines by branch of {day}, against a count of applications and cards",
            harness.median_of(5, lines),
            harness.median_of(5, functools.partial(_read, _BARE, values)),
        )


def _show(name: str, asked: Sequence[Callable[[], Any]]) -> None:
    """The first page is not counted: it fills what is kept in memory."""
    assert asked[0]().status_code == 200, name
    taken = sorted(1000 * _seconds(ask) for ask in asked)
    late = taken[max(0, round(0.95 * len(taken)) - 1)]
    print(f"{name}: p50 {statistics.median(taken):.0f} ms", flush=True)
    harness.promise(f"{name}, p95", late, PROMISE, " ms")


def _client(role: str, place: Branch) -> Callable[[str, dict[str, str]], Any]:
    """What asks for a page by its name, as somebody of a role."""
    staff = Staff.objects.create(
        username=f"figures-{role}", staff_number=f"F{role}"[:20], name=role, role=role, branch=place
    )
    client = Client(HTTP_HOST="localhost")
    client.force_login(staff, "portal.staff.access.backend.StaffBackend")
    return lambda name, asked: client.get(reverse(name), asked)


def _days() -> list[Any]:
    rows = FigureEntry.objects.order_by("day_id").values_list("day_id", flat=True).distinct()
    days = list(rows)
    random.Random(1).shuffle(days)
    return days


def _compare() -> None:
    luck, days = random.Random(2), _days()
    branches = list(Branch.objects.order_by("pk").values_list("pk", flat=True))
    products = _read("SELECT id FROM journeys_cardproduct WHERE is_own ORDER BY id", {})
    for _triple in range(TRIPLES):
        values = {
            "day": luck.choice(days), "branch": luck.choice(branches),
            "product": luck.choice(products)[0],
        }  # fmt: skip
        assert _read(_KEPT, values) == _read(_COUNTED, values), values
    print(f"{TRIPLES} days, branches and products equal a count of their own")
    assert not FigureMark.objects.exists()


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _do(sql: str, values: Sequence[Any] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _read(sql: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
