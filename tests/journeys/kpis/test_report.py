"""The daily sales report: who sees which figures, as of when, and against which targets."""

import datetime as dt
import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from journeys.kpis import queries
from journeys.kpis.enums import AsOf, Dimension
from journeys.kpis.rules import Line, Pace, together
from journeys.models import Card
from journeys.targets import operations
from portal.kit import clock
from portal.models import AuditEntry, Branch
from portal.staff.access import Scope
from tests.factories import targets
from tests.factories.journeys import CardFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.journeys.kpis.worlds import count
from tests.portal.exports.workbooks import sheets_of
from tests.portal.kit.test_pdf import places_are_true, texts

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
DAY = dt.date(2026, 3, 12)
NOON = dt.datetime(2026, 3, 13, 4, tzinfo=dt.UTC)  # the day is closed
CLOSED = clock.at_time(DAY + dt.timedelta(days=1), dt.time(8))
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def cards(branch: Branch, number: int, day: dt.date = DAY, **values: Any) -> list[Card]:
    return [CardFactory(branch=branch, issued_date=day, **values) for _ in range(number)]


def lines(page: Any) -> dict[str, tuple[int, int, int, bool]]:
    found = page.context["report"].lines
    return {one.name: (one.issued, one.closed, one.month_issued, one.is_restated) for one in found}


def test_a_branch_manager_sees_the_last_closed_day_of_the_own_branches(
    client_of: ClientOf,
) -> None:
    own = BranchFactory()
    below, other = BranchFactory(parent=own), BranchFactory()
    cards(own, 2)
    cards(below, 1, activated_date=DAY)
    cards(below, 3, DAY - dt.timedelta(days=5))
    cards(other, 7)
    count(CLOSED - HOUR)
    client = client_of(StaffFactory(role="branch_manager", branch=own))
    page = client.get(reverse("sales_report"))
    assert page.context["report"].day == DAY
    assert lines(page) == {own.label: (2, 2, 2, False), below.label: (1, 1, 4, False)}
    total = page.context["report"].total
    assert (total.issued, total.activated, total.month_issued) == (3, 1, 6)
    asked = client.get(reverse("sales_report"), {"branch": other.code})
    assert lines(asked) == lines(page)  # one that is not one's own is left out
    only = client.get(reverse("sales_report"), {"branch": below.code})
    assert lines(only) == {below.label: (1, 1, 4, False)}


def test_late_arrivals_are_restated_with_a_mark_and_the_report_as_closed_stays(
    client_of: ClientOf,
) -> None:
    branch, calm = BranchFactory(), BranchFactory()
    cards(branch, 2)
    cards(calm, 1)
    count(CLOSED - HOUR)
    cards(branch, 1)
    count(CLOSED + HOUR)
    client = client_of(StaffFactory(role="analyst"))

    def read(**asked: str) -> dict[str, tuple[int, int, int, bool]]:
        return lines(client.get(reverse("sales_report"), {"day": str(DAY), **asked}))

    assert read() == {branch.label: (3, 2, 3, True), calm.label: (1, 1, 1, False)}
    closed = {branch.label: (2, 2, 2, False), calm.label: (1, 1, 1, False)}
    assert read(as_of="close") == closed
    assert read(as_of="cutoff") == {}
    assert read(known_on=str(DAY)) == {}
    assert read(known_on=str(DAY + dt.timedelta(days=1))) == read()
    page = client.get(reverse("sales_report"), {"day": str(DAY)})
    # The late card's application was approved on another day of the month.
    decided, restated = page.context["report"].restated_days
    assert (decided.day, decided.issued, decided.moved) == (dt.date(2026, 3, 2), 0, 0)
    assert (restated.day, restated.issued, restated.closed, restated.moved) == (DAY, 4, 3, 1)
    assert len(page.context["report"].month) == DAY.day
    assert "重述" in page.content.decode()


def test_figures_are_broken_down_and_filtered_by_all_that_is_known(client_of: ClientOf) -> None:
    branch = BranchFactory()
    mine = cards(branch, 2)
    count(CLOSED - HOUR)
    client = client_of(StaffFactory(role="compliance"))
    for by in Dimension.values:
        page = client.get(reverse("sales_report"), {"by": by})
        assert sum(row[0] for row in lines(page).values()) == 2
    code = mine[0].product.code
    for asked, issued in (
        ({"product": code}, 2), ({"source": "unknown"}, 2), ({"source": "post"}, 0),
        ({"day": "yesterday", "by": "moon"}, 2),
    ):  # fmt: skip
        page = client.get(reverse("sales_report"), asked)
        assert page.context["report"].total.issued == issued


def aim(branch: Branch, total: int, **parts: Any) -> None:
    """A plan in force of primary cards in March, `parts` of it given to branches below."""
    plan = targets.plan(
        targets.manager(branch), period="month", first_date=targets.MONTH, total=Decimal(total)
    )
    if parts:
        operations.split_node(
            node_id=targets.root(plan).pk, level="branch", actor=plan.owner, at=targets.AT, **parts
        )
    targets.approved(plan)


def test_the_own_targets_of_branches_stand_beside_what_they_issued(client_of: ClientOf) -> None:
    """Of a branch that has others below it: without what those are to issue."""
    region = BranchFactory()
    ahead, idle, apart = BranchFactory(parent=region), BranchFactory(parent=region), BranchFactory()
    cards(ahead, 8)
    cards(ahead, 9, is_primary=False)  # a supplementary card is none of the target
    count(CLOSED - HOUR)
    client = client_of(StaffFactory(role="analyst"))
    assert not client.get(reverse("sales_report")).context["report"].has_targets
    aim(region, 66, weights={ahead.pk: Decimal(1), idle.pk: Decimal(1)})
    aim(idle, 22)  # its own plan is of the same period and later: 11 of the region's are left
    aim(apart, 22)
    report = client.get(reverse("sales_report")).context["report"]
    # By the end of the twelfth nine of the 22 workdays of March 2026 are over.
    told = {
        line.name: (line.month_issued, line.pace.target, line.pace.due, line.pace_percent)
        for line in report.lines
    }
    due = Decimal("13.5")
    assert told == {
        ahead.label: (17, 33, due, 100 * 8 / due),
        idle.label: (0, 22, 9, 0),
        apart.label: (0, 22, 9, 0),
        region.label: (0, 11, Decimal("4.5"), 0),
    }
    assert report.total.pace == Pace(Decimal(88), Decimal(36))
    assert report.total.is_behind
    # Of a part of the figures, and by another dimension, there is no target.
    for part in ({"source": "unknown"}, {"by": "source"}, {"by": "person"}, {"by": "team"}):
        assert not client.get(reverse("sales_report"), part).context["report"].has_targets


def test_the_file_and_the_paper_say_the_same(client_of: ClientOf) -> None:
    branch = BranchFactory()
    cards(branch, 2)
    count(CLOSED - HOUR)
    cards(branch, 1)
    count(CLOSED + HOUR)
    staff = StaffFactory(role="analyst")
    client = client_of(staff)
    address = reverse("export_start", args=["sales_report"])
    answer = client.post(f"{address}?day={DAY}", {"reason": "核对每日发卡量"})
    file = io.BytesIO(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    rows = list(sheets_of(file).values())[1][1:]
    assert [row[6:10] for row in rows] == [[3, 0, 2, "重述"], [3, 0, 2, "重述"]]
    paper = client.get(reverse("sales_report_pdf"), {"day": str(DAY)})
    assert paper["Content-Type"] == "application/pdf"
    assert places_are_true(paper.content)
    said = texts(paper.content)
    assert branch.label in said
    assert "3*" in said
    entry = AuditEntry.objects.get(action="figures.pdf_made")
    assert (entry.actor, entry.changes) == (staff, {"day": str(DAY)})


def test_the_home_page_tells_managers_the_day_and_its_month(client_of: ClientOf) -> None:
    own = BranchFactory()
    cards(own, 2)
    cards(own, 1, DAY - dt.timedelta(days=1))
    cards(BranchFactory(), 4)
    count(CLOSED - HOUR)
    home = client_of(StaffFactory(role="branch_manager", branch=own)).get(reverse("home"))
    report = home.context["report"]
    assert (report.total.issued, report.total.month_issued) == (2, 3)
    assert reverse("sales_report") in home.content.decode()


def test_a_day_that_is_not_closed_says_so(client_of: ClientOf) -> None:
    client = client_of(StaffFactory(role="analyst"))
    today = str(DAY + dt.timedelta(days=1))
    assert client.get(reverse("sales_report"), {"day": today}).context["is_open"]
    assert not client.get(reverse("sales_report")).context["is_open"]


def test_sums_are_restated_where_a_part_is() -> None:
    lines = [Line("1", "A", issued=2, closed=1, is_restated=True), Line("2", "B", issued=3)]
    whole = together(lines, "Together", None)
    assert (whole.issued, whole.closed, whole.moved, whole.is_restated) == (5, 1, 4, True)
    assert Pace(Decimal(9), Decimal(0)).percent(3) is None


def test_reports_read_no_card_and_no_application(
    django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    cards(BranchFactory(), 1)
    count(CLOSED - HOUR)
    with django_assert_max_num_queries(8) as asked:
        queries.report_of(scope=Scope(""), day=DAY, by=Dimension.BRANCH, as_of=AsOf.CLOSE)
    tables = " ".join(query["sql"] for query in asked.captured_queries)
    assert "journeys_card " not in tables
    assert "journeys_application" not in tables
