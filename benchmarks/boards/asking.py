"""Asking for home pages and figures as each role, and for the same rows by bare SQL."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.models import Branch, Staff
from portal.staff.access import scope_of
from portal.staff.enums import Role

PAGES = ("/", "/figures/", "/figures/?period=year")
# What the pages show most of, in one statement each: work that waits, and figures by day.
_BARE_WORK = """
SELECT count(*) FILTER (WHERE c.promised_at <= now()), count(*) FROM journeys_callback c
JOIN journeys_lead l ON l.id = c.lead_id JOIN portal_branch b ON b.id = l.branch_id
WHERE starts_with(b.path, %(path)s) AND c.ended_at IS NULL
  AND c.promised_at < now() + interval '1 day'
"""
_BARE_CLOCK = """
SELECT a.* FROM journeys_application a JOIN portal_branch b ON b.id = a.branch_id
WHERE starts_with(b.path, %(path)s) AND a.state IN ('filed', 'supplemented')
  AND a.filed_date <= current_date - 15 ORDER BY a.filed_date, a.id LIMIT 5
"""
_BARE_DAYS = """
SELECT d.day, sum(d.amount) FROM journeys_merchantday d
JOIN merchants_merchant m ON m.id = d.merchant_id JOIN portal_branch b ON b.id = m.branch_id
WHERE starts_with(b.path, %(path)s) AND d.day > current_date - 91 GROUP BY d.day
"""
_BARE_STAGES = """
SELECT c.branch_key, c.step, c.days, c.customers FROM journeys_stagecount c
JOIN portal_branch b ON b.id = c.branch_key
WHERE c.level = 1 AND starts_with(b.path, %(path)s)
"""
BARE = {"/": (_BARE_WORK, _BARE_CLOCK), "/figures/": (_BARE_STAGES, _BARE_DAYS)}


@dataclass(frozen=True)
class Told:
    """What a page took (milliseconds, each time), how often it asks the database, and what the
    bare statements took together."""

    who: str
    page: str
    taken: Sequence[float]
    statements: int
    bare: Sequence[float]

    @property
    def p95(self) -> float:
        """What 95 of 100 answers stayed below."""
        return statistics.quantiles(self.taken, n=20)[-1]

    @property
    def line(self) -> str:
        """The same as a line of the report."""
        return (
            f"  {self.who:<36} {self.page:<22} p50 {statistics.median(self.taken):6.0f}"
            f"  p95 {self.p95:6.0f}  statements {self.statements:3}"
            f"  bare SQL p50 {statistics.median(self.bare):6.1f}"
        )


def people() -> list[tuple[str, Staff]]:
    """This will make somebody of each role: who sees the whole bank by the role at its head, the
    others in one branch; and a branch manager of the head office and of a region."""
    head = Branch.objects.filter(parent=None).get()
    leaf = Branch.objects.filter(level="branch").order_by("code").first() or head
    region = Branch.objects.filter(level="region").order_by("code").first() or head
    places: list[tuple[str, Branch]] = [(role, leaf) for role in Role.values]
    places += [(Role.BRANCH_MANAGER, region), (Role.BRANCH_MANAGER, head)]
    return [
        (
            f"{role}, {place.code}",
            Staff.objects.create(
                username=f"boards-{number}", staff_number=f"BD{number}", name=role, role=role,
                branch=place, language="zh-hans",
            ),
        )
        for number, (role, place) in enumerate(places)
    ]  # fmt: skip


def ask(who: str, staff: Staff, page: str, *, times: int) -> Told:
    """This will ask for a page so many times, once before that uncounted, and for its bare
    statements."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(staff, "portal.staff.access.backend.StaffBackend")
    with CaptureQueriesContext(connection) as asked:
        _get(client, page)
        statements = len([one for one in asked if "SAVEPOINT" not in one["sql"]])
    taken = []
    for _time in range(times):
        start = time.perf_counter()
        _get(client, page)
        taken.append(1000 * (time.perf_counter() - start))
    return Told(who, page, taken, statements, _bare(page, scope_of(staff).branch_path, times))


def _get(client: Client, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 200, f"{page}: {answer.status_code}"
    shown = answer.context
    parts = shown["parts"] if "parts" in shown else [*shown["page"].work, *shown["page"].figures]
    assert not [one.code for one in parts if one.has_failed], page


def _bare(page: str, path: str, times: int) -> list[float]:
    taken = []
    with connection.cursor() as cursor:
        for _time in range(times):
            start = time.perf_counter()
            for statement in BARE[page.partition("?")[0]]:
                cursor.execute(statement, {"path": path})
                cursor.fetchall()
            taken.append(1000 * (time.perf_counter() - start))
    return taken
