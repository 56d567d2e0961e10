"""Leads that were collected with their follow-up, and the way from application to card."""

import datetime as dt
import random
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from journeys.kpis import queries
from journeys.kpis.enums import LeadsBy, TimesBy
from journeys.kpis.queries.leads import reached_statement
from journeys.models import Lead
from journeys.telemarketing import operations as telemarketing
from portal.models import Branch
from portal.staff.access import Scope
from tests.factories import leads
from tests.factories.journeys import ApplicationFactory, CardFactory, LeadFactory, ProductFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.making import INSTANT
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
DAY = dt.date(2026, 3, 2)
YEAR = dt.timedelta(days=365)
WHOLE = Scope("")


def called(lead: Lead, code: str, **flags: bool) -> None:
    """A call to the lead that came to something."""
    came = leads.outcome(code, **flags)
    hold = row_of("journeys.LeadHold", lead=lead, called_at=INSTANT, ended_at=INSTANT, end="called")
    row_of("journeys.LeadCall", hold=hold, disposition=came)
    Lead.objects.filter(pk=lead.pk).update(attempts=1, called_at=INSTANT)


def lead_of(branch: Branch, source: str) -> Lead:
    return LeadFactory(branch=branch, source=source)  # type: ignore[no-any-return]


def test_leads_are_told_with_their_follow_up_and_what_came_of_them() -> None:
    branch = BranchFactory()
    won, keen, reached, tried, merged = (lead_of(branch, "registry") for _ in range(5))
    lead_of(branch, "post")
    lead_of(BranchFactory(), "registry")
    called(won, "keen", is_reached=True, is_interested=True)
    called(keen, "keen", is_reached=True, is_interested=True)
    called(reached, "spoke", is_reached=True)
    called(tried, "nobody", is_reached=False)
    leads.set_policy()
    boss = StaffFactory(role="branch_manager", branch=branch)
    telemarketing.merge_leads(
        kept_id=tried.pk, merged_id=merged.pk, reason="x", actor=boss, at=INSTANT
    )
    card = CardFactory(branch=branch)
    row_of(
        "journeys.LeadConversion", lead=won, application=card.application, caller=None,
        called_at=None,
    )  # fmt: skip
    lines, total = queries.leads_collected(
        scope=Scope(branch.path), by=LeadsBy.SOURCE, first=DAY, last=DAY
    )
    told = {
        line.key: (
            line.leads, line.called, line.reached, line.interested, line.applied, line.issued,
        )
        for line in lines
    }  # fmt: skip
    assert told == {"registry": (4, 4, 3, 2, 1, 1), "post": (1, 0, 0, 0, 0, 0)}
    assert (total.leads, total.reached, total.interested) == (5, 3, 2)
    assert all(line.is_small for line in lines)
    by_team, _total = queries.leads_collected(
        scope=Scope(branch.path), by=LeadsBy.TEAM, first=DAY, last=DAY
    )
    assert [(line.key, line.reached) for line in by_team] == [("", 3)]


@pytest.mark.parametrize("seed", [4, 5, 6])
def test_calls_count_for_whom_their_leads_were_merged_into(seed: int) -> None:
    """Chains of merges, some undone, beside a walk from lead to lead in plain Python."""
    rng = random.Random(seed)
    branch, sources = BranchFactory(), ("registry", "post", "referral")
    leads.set_policy()
    rows = [lead_of(branch, rng.choice(sources)) for _place in range(30)]
    flags = _called_at_random(rng, rows)
    kept_by = _merged_at_random(rng, branch, rows)

    def root(pk: int) -> int:
        return root(kept_by[pk]) if pk in kept_by else pk

    source_of = {row.pk: row.source for row in rows}
    expected = {source: [0, 0] for source in sources}
    for one in {root(row.pk) for row in rows}:
        parts = [row.pk for row in rows if root(row.pk) == one]
        if Lead.objects.get(pk=one).attempts == 0:
            continue
        for place in (0, 1):
            told = any(flags.get(pk, (False, False))[place] for pk in parts)
            expected[source_of[min(parts)]][place] += told
    assert max(len([pk for pk in source_of if root(pk) == one]) for one in source_of) > 2
    lines, _total = queries.leads_collected(
        scope=Scope(branch.path), by=LeadsBy.SOURCE, first=DAY, last=DAY
    )
    assert {line.key: [line.reached, line.interested] for line in lines} == {
        key: counts for key, counts in expected.items() if key in {line.key for line in lines}
    }


def _called_at_random(rng: random.Random, rows: list[Lead]) -> dict[int, tuple[bool, bool]]:
    """Calls to some leads, and whether each reached and interested the person."""
    flags: dict[int, tuple[bool, bool]] = {}
    for row in rows:
        if rng.random() < 0.7:
            code, reached, keen = rng.choice(
                [("nobody", False, False), ("spoke", True, False), ("keen", True, True)]
            )
            called(row, code, is_reached=reached, is_interested=keen)
            flags[row.pk] = (reached, keen)
    return flags


def _merged_at_random(rng: random.Random, branch: Branch, rows: list[Lead]) -> dict[int, int]:
    """Merges of leads, some of them undone: which lead each one stands in now."""
    boss = StaffFactory(role="branch_manager", branch=branch)
    kept_by: dict[int, int] = {}
    for _merge in range(16):
        kept, merged = rng.sample([row for row in rows if row.pk not in kept_by], 2)
        merge = telemarketing.merge_leads(
            kept_id=kept.pk, merged_id=merged.pk, reason="x", actor=boss, at=INSTANT
        )
        if rng.random() < 0.4:
            telemarketing.undo_merge(merge_id=merge.pk, reason="x", actor=boss, at=INSTANT)
        else:
            kept_by[merged.pk] = kept.pk
    return kept_by


@pytest.mark.parametrize("by", list(LeadsBy))
def test_what_calls_came_to_is_asked_of_all_leads_at_once(by: LeadsBy) -> None:
    """No function is called and no search begun for each lead."""
    branch = BranchFactory()
    leads.fill_pool(branch, count=2_000)
    Lead.objects.update(attempts=1, called_at=INSTANT)
    asked = {"branches": [branch.pk], "first": INSTANT - YEAR, "end": INSTANT}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE journeys_lead")
        cursor.execute(f"EXPLAIN (ANALYZE, VERBOSE, TIMING OFF) {reached_statement(by)}", asked)
        plan = [line for (line,) in cursor.fetchall()]
    assert not [line for line in plan if "journeys_lead_" in line or "SubPlan" in line]
    loops = [int(found[1]) for line in plan if (found := re.search(r"loops=(\d+)", line))]
    assert max(loops) < 100


def test_approval_tells_how_long_it_takes_and_where_applications_drop() -> None:
    branch, product = BranchFactory(), ProductFactory()
    for days in (3, 20, 21):
        CardFactory(
            branch=branch, application__branch=branch, application__product=product,
            application__filed_date=DAY, application__decided_date=DAY,
            issued_date=DAY + dt.timedelta(days=days),
        )  # fmt: skip
    for state, decided in (
        ("filed", None), ("approved", DAY), ("refused", DAY), ("refused", DAY), ("withdrawn", DAY),
    ):  # fmt: skip
        ApplicationFactory(
            branch=branch, product=product, filed_date=DAY, state=state, decided_date=decided
        )
    ApplicationFactory(branch=branch, filed_date=DAY - dt.timedelta(days=1), decided_date=DAY)
    ApplicationFactory(branch=BranchFactory(), filed_date=DAY, decided_date=DAY)
    [line], total, limit = queries.approval_times(
        scope=Scope(branch.path), by=TimesBy.BRANCH, first=DAY, last=DAY
    )
    assert limit == 20
    assert (line.filed, line.issued, line.in_time, line.undecided, line.waits) == (8, 3, 2, 1, 1)
    assert (line.refused, line.withdrawn, line.median, line.ninth) == (2, 1, 20, 21)
    assert line.issued + line.undecided + line.waits + line.refused + line.withdrawn == line.filed
    assert (total.filed, total.median) == (8, 20)
    by_product, whole, _limit = queries.approval_times(
        scope=WHOLE, by=TimesBy.PRODUCT, first=DAY, last=DAY
    )
    assert [(one.name, one.filed) for one in by_product] == [(product.label, 9)]
    assert whole.filed == 9


def test_nothing_filed_is_nothing_told() -> None:
    lines, total, _limit = queries.approval_times(
        scope=WHOLE, by=TimesBy.BRANCH, first=DAY, last=DAY
    )
    assert (list(lines), total.filed, total.median) == ([], 0, None)


@pytest.mark.parametrize("name", ["lead_figures", "approval_figures"])
def test_pages_leave_out_what_is_wrong_in_their_address(client_of: ClientOf, name: str) -> None:
    client = client_of(StaffFactory(role="analyst"))
    for asked in ({}, {"by": "moon"}, {"first": "2026-03-02", "last": "2020-01-01"}):
        page = client.get(reverse(name), asked)
        assert page.status_code == 200
        assert page.context["asked"]["first"] <= page.context["asked"]["last"]
