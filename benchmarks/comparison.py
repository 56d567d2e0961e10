"""The pages of the comparison and of the board among 10,000 merchants: like ones found, figures of
a year with their intervals, five pictures; as many partnerships by phase.

    python -m benchmarks.comparison [MERCHANTS]

Merchants with 24 months of days, judged as the night judges them, are put beside one another on the
page, each time another one of those in comparison. Bare: one statement that sums the same days by
month. The promise: both pages below 300 ms at p95.
"""

import datetime as dt
import logging
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks import evidence_night, harness

harness.boot()

from django.conf import settings  # noqa: E402  (settings come first)
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks.bank.rows import insert  # noqa: E402
from benchmarks.turnover import led  # noqa: E402
from merchants.comparison.queries import comparing  # noqa: E402
from merchants.evidence import operations  # noqa: E402
from merchants.evidence.rules import weeks  # noqa: E402
from merchants.models import MerchantReach, Partnership  # noqa: E402
from portal.kit import clock  # noqa: E402
from portal.models import Branch, Staff  # noqa: E402
from portal.staff.access import scope_of  # noqa: E402

MERCHANTS, ASKED, PROMISED = 10_000, 120, 300
_PLACES = "UPDATE merchants_merchant SET division_code = CASE id % 2 WHEN 0 THEN '330106' ELSE"
_PLACES += " '330302' END"
_REACH = {
    "merchant_id": "merchant_id", "month": "date_trunc('month', day)::date", "part": "'month'",
    "customers": "greatest(1, sum(purchases) / 3)", "purchases": "sum(purchases)",
    "amount": "sum(amount)", "largest": "sum(amount) / 3",
}  # fmt: skip
_BARE = """
SELECT merchant_id, date_trunc('month', day), sum(amount) FROM journeys_merchantday
WHERE merchant_id = ANY(%s) AND day >= %s GROUP BY 1, 2
"""


def main(merchants: int) -> None:
    """This will print p50 and p95 of the page beside the bare statement."""
    end = weeks.as_of(clock.today())
    first = weeks.first_monday(end)
    span = {"first": first, "last": end - dt.timedelta(days=1),
            "fall": end - dt.timedelta(weeks=14)}  # fmt: skip
    evidence_night.lay_partners(merchants, span)
    _run(_PLACES)
    with connection.cursor() as cursor:
        days = "FROM journeys_merchantday GROUP BY 1, 2 HAVING sum(amount) > 0"
        insert(cursor, MerchantReach, _REACH, days)
    _run("ANALYZE")
    operations.evaluate_turnover(on=end, at=clock.now())
    led.lead_all(merchants=merchants, on=clock.today())
    rows, staff = _compared(), _chief()
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    logging.disable(logging.INFO)
    client = Client(HTTP_HOST="localhost")
    client.force_login(staff, backend="portal.staff.access.backend.StaffBackend")
    pages = [reverse("comparison_page", args=[row.pk]) for row in rows]
    for page in pages[:5]:
        answer = client.get(page)
        assert answer.status_code == 200, answer.status_code
    shop, scope = rows[0].merchant, scope_of(staff)
    like = comparing.like_of(merchant=shop, scope=scope, on=clock.today())
    ids = [shop.pk, *(one.pk for one in like[: comparing.PRESELECTED])]
    print(f"compared at a time: {len(ids)}")
    ours = _timed(lambda place: client.get(pages[place % len(pages)]))
    bare = _timed(lambda _place: _run(_BARE, [ids, end - dt.timedelta(days=365)]))
    others = {
        name: _timed(lambda place, name=name: client.get(_address(name, rows, place)))  # type: ignore[misc]
        for name in ("partnership_board", "partnership_list", "comparison_list", "partnership_page")
    }
    for name, taken in (("comparison", ours), ("its days, bare", bare), *others.items()):
        print(f"{name}: p50 {_at(taken, 50):.1f} ms, p95 {_at(taken, 95):.1f} ms")
    for name, taken in (("comparison", ours), *others.items()):
        harness.promise(f"{name}, p95", _at(taken, 95), PROMISED, " ms")


def _compared() -> list[Partnership]:
    """Some of the partnerships in comparison, spread over the bank."""
    rows = Partnership.objects.filter(phase="comparison").select_related("merchant__category")
    return list(rows.order_by("id")[:: max(1, rows.count() // ASKED)])


def _chief() -> Staff:
    """The manager of the branch that keeps them all."""
    return Staff.objects.create(
        username="chief", name="x", name_en="x", role="branch_manager", staff_number="C1",
        branch=Branch.objects.get(code="HO"),
    )  # fmt: skip


def _address(name: str, rows: list[Partnership], place: int) -> str:
    return reverse(name, args=[rows[place % len(rows)].pk] if name == "partnership_page" else [])


def _timed(ask: Callable[[int], object]) -> list[float]:
    taken = []
    for place in range(ASKED):
        started = time.perf_counter()
        ask(place)
        taken.append(1000 * (time.perf_counter() - started))
    return sorted(taken)


def _at(taken: list[float], percent: int) -> float:
    return taken[min(len(taken) - 1, len(taken) * percent // 100)]


def _run(sql: str, values: Any = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    size = numbers[0] if numbers else MERCHANTS
    main(size)
    harness.end(is_judged=size >= MERCHANTS)
