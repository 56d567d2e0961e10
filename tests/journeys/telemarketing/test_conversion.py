"""What became of leads, counted by the database and once more in plain Python."""

import datetime as dt
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from journeys.models import Application, Card, Lead, LeadConversion, LeadHold
from journeys.telemarketing import operations, queries
from journeys.telemarketing.enums import CreditTo
from portal.intake import operations as intake
from portal.kit import clock
from portal.models import Branch, Staff
from portal.staff.access import Scope, scope_of
from tests.factories.intake import AT, make_bank
from tests.factories.journeys import CustomerFactory, LeadFactory
from tests.factories.leads import caller, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
START = AT - 200 * DAY
COUNTS = ("leads", "called", "applied", "issued", "active")


@dataclass
class World:
    """Two branches, their callers, and leads with calls, customers and applications."""

    branches: list[Branch]
    people: list[Staff]
    teams: list[Any]
    leads: list[Lead] = field(default_factory=list)


def lead_of(world: World, rng: random.Random, phone: str) -> Lead:
    branch = rng.choice(world.branches)
    lead = LeadFactory(
        branch=branch, phone=phone, source=rng.choice(["referral", "registry", "internal"]),
        team=rng.choice([*world.teams, None]), campaign=rng.choice(["", "SPRING", "AUTUMN"]),
        created_at=START + rng.randint(0, 150) * DAY + rng.randint(0, 23) * dt.timedelta(hours=1),
    )  # fmt: skip
    for _call in range(rng.choice([0, 0, 1, 2, 3])):
        at = lead.created_at + rng.randint(1, 60) * DAY
        LeadHold.objects.create(
            lead=lead, holder=rng.choice(world.people), taken_at=at, called_at=at, ended_at=at,
            end="called", reasons=[],
        )  # fmt: skip
    calls = LeadHold.objects.filter(lead=lead).order_by("-called_at")
    if calls:
        Lead.objects.filter(pk=lead.pk).update(
            attempts=len(calls), called_at=calls[0].called_at
        )  # fmt: skip
    lead.refresh_from_db()
    return lead


def make_world(rng: random.Random) -> World:
    make_bank()
    set_policy()
    branches = [BranchFactory(), BranchFactory()]
    people = [caller(branches[0]), caller(branches[0]), caller(branches[1])]
    teams = [row_of("portal.Team", branch=branches[0]), row_of("portal.Team", branch=branches[1])]
    world = World(branches, people, teams)
    phones = [f"138000{place:05d}" for place in range(12)]
    for place in range(30):
        world.leads.append(lead_of(world, rng, rng.choice(phones)))
        if place % 7 == 0:
            merge_some(world, rng)
    for place, phone in enumerate(phones[:9]):
        customer = CustomerFactory(number=f"K{place}", phone=phone)
        if rng.random() < 0.3:
            linked = rng.choice(world.leads)
            Lead.objects.filter(pk=linked.pk).update(customer=customer)
    return world


def merge_some(world: World, rng: random.Random) -> None:
    open_ones = list(Lead.objects.filter(state="new").order_by("pk"))
    if len(open_ones) < 2:
        return
    kept, other = rng.sample(open_ones, 2)
    boss = StaffFactory(role="branch_manager", branch=world.branches[0].parent)
    operations.merge_leads(kept_id=kept.pk, merged_id=other.pk, reason="同一人", actor=boss, at=AT)


def applied(rng: random.Random, numbers: list[str]) -> None:
    """Applications come in by two files."""
    rows = []
    for number in numbers:
        filed = START.date() + rng.randint(0, 195) * DAY
        state = rng.choice(["filed", "approved"])
        decided = str(filed + 2 * DAY) if state == "approved" else ""
        rows.append({
            "number": number, "customer": f"K{rng.randint(0, 8)}", "product": "GOLD",
            "branch": "B001", "filed_date": str(filed), "state": state, "decided_date": decided,
        })  # fmt: skip
    for part in (rows[::2], rows[1::2]):
        report = intake.import_rows(
            kind="applications", rows=part, actor=None, at=AT, source_name="x", shown=50
        )
        assert report.rows_bad == 0
    cards = []
    for one in Application.objects.filter(number__in=numbers, state="approved").order_by("number"):
        if rng.random() < 0.7:
            is_used = rng.random() < 0.6
            cards.append({
                "reference": f"R{one.number}", "customer": one.customer.number,
                "application": one.number, "product": "GOLD", "branch": "B001",
                "issued_date": str(one.filed_date + 3 * DAY),
                "activated_date": str(one.filed_date + 4 * DAY) if is_used else "",
                "closed_date": str(one.filed_date + 9 * DAY) if rng.random() < 0.2 else "",
            })  # fmt: skip
    report = intake.import_rows(
        kind="cards", rows=cards, actor=None, at=AT, source_name="y", shown=50
    )
    assert report.rows_bad == 0
    # As transactions would have it.
    used = Card.objects.filter(activated_date__isnull=False, reference__startswith="RA")
    for card in used:
        if rng.random() < 0.8:
            Card.objects.filter(pk=card.pk).update(first_used_date=card.activated_date)


def roots() -> dict[int, int]:
    """Each lead with the one that stands for it."""
    into = {row["merged"]: row["kept"] for row in LeadMergeRows.values("merged", "kept")}
    found = {}
    for pk in Lead.objects.values_list("pk", flat=True):
        root = pk
        while root in into:
            root = into[root]
        found[pk] = root
    return found


class LeadMergeRows:
    """The merges that stand."""

    @staticmethod
    def values(*names: str) -> Any:
        from journeys.models import LeadMerge

        return LeadMerge.objects.filter(undone_at=None).values(*names)


def calls_of(lead: Lead, until: dt.date | None = None) -> list[LeadHold]:
    rows = LeadHold.objects.filter(lead=lead).order_by("-called_at", "-pk")
    return [
        one for one in rows
        if one.called_at and (until is None or clock.bank_day(one.called_at) <= until)
    ]  # fmt: skip


def credited(order: list[list[str]]) -> dict[int, tuple[int, int | None]]:
    """By application, the lead and the caller, as the page's words say: file by file."""
    root_of, leads = roots(), list(Lead.objects.all())
    taken: dict[int, tuple[int, int | None]] = {}
    for numbers in order:
        rows = Application.objects.filter(number__in=numbers).select_related("customer")
        for one in sorted(rows, key=lambda row: (row.filed_date, row.pk)):
            best: Any = None
            for lead in leads:
                is_theirs = lead.customer_id == one.customer_id or (
                    lead.callee is not None and lead.callee == one.customer.callee
                )
                day = clock.bank_day(lead.created_at)
                calls = calls_of(lead, one.filed_date)
                last = clock.bank_day(calls[0].called_at) if calls else day  # type: ignore[arg-type]
                if not is_theirs or not day <= one.filed_date <= max(day, last) + 90 * DAY:
                    continue
                when = calls[0].called_at if calls else None
                rank = (when is not None, when or AT, lead.created_at, lead.pk)
                if best is None or rank > best[0]:
                    best = (rank, root_of[lead.pk], calls[0].holder_id if calls else None)
            if best and best[1] not in {lead for lead, _who in taken.values()}:
                taken[one.pk] = (best[1], best[2])
    return taken


def counted(by: str, scope: Scope, first: dt.date, last: dt.date) -> dict[str, tuple[int, ...]]:
    """The same counts from the rows, in plain Python."""
    root_of = roots()
    members = defaultdict(list)
    for pk, root in root_of.items():
        members[root].append(pk)
    won = {row.lead_id: row for row in LeadConversion.objects.select_related("application")}
    lines: dict[str, Counter[str]] = defaultdict(Counter)
    for lead in Lead.objects.filter(scope.branches()).exclude(state__in=["merged", "off"]):
        if not first <= clock.bank_day(lead.created_at) <= last:
            continue
        credit = Lead.objects.get(pk=min(members[lead.pk]))
        row = won.get(lead.pk)
        calls = [one for pk in members[lead.pk] for one in calls_of(Lead.objects.get(pk=pk))]
        calls.sort(key=lambda one: (one.called_at, one.pk))
        who = row.caller_id if row else calls[-1].holder_id if calls else None
        key = {
            "caller": who, "team": credit.credit_team_id, "branch": credit.credit_branch_id,
            "source": credit.source, "campaign": credit.campaign or None, "post": credit.post_id,
        }[by]  # fmt: skip
        line = lines[str(key) if key else ""]
        line["leads"] += 1
        line["called"] += lead.attempts > 0
        if row is None:
            continue
        application = row.application
        line["applied"] += 1
        is_issued = application.card_issued_date is not None
        line["issued"] += is_issued
        cards = Card.objects.filter(
            application=application, activated_date__isnull=False, first_used_date__isnull=False,
            closed_date=None,
        )  # fmt: skip
        line["active"] += is_issued and cards.exists()
    return {key: tuple(line[name] for name in COUNTS) for key, line in lines.items()}


@pytest.mark.parametrize("seed", range(6))
def test_the_conversion_is_as_counted_by_hand(seed: int) -> None:
    rng = random.Random(seed)
    world = make_world(rng)
    numbers = [f"A{seed}{place:03d}" for place in range(24)]
    applied(rng, numbers)
    written = {
        row.application_id: (row.lead_id, row.caller_id) for row in LeadConversion.objects.all()
    }
    assert written == credited([numbers[::2], numbers[1::2]])
    assert written
    scopes = [Scope(branch_path=""), scope_of(StaffFactory(
        role="branch_manager", branch=world.branches[0]
    ))]  # fmt: skip
    spans = [(START.date(), AT.date()), (START.date() + 40 * DAY, START.date() + 90 * DAY)]
    for scope in scopes:
        for first, last in spans:
            for by in CreditTo:
                found = queries.conversion(scope=scope, by=by, first=first, last=last)
                lines = {
                    line.key: tuple(getattr(line, name) for name in COUNTS) for line in found.lines
                }
                assert lines == counted(by.value, scope, first, last), (by, first, last)
                total = tuple(map(sum, zip(*lines.values(), strict=True))) if lines else (0,) * 5
                assert tuple(getattr(found.total, name) for name in COUNTS) == total


def test_the_same_file_again_credits_nobody_anew() -> None:
    rng = random.Random(1)
    make_world(rng)
    numbers = [f"A9{place:03d}" for place in range(10)]
    applied(rng, numbers)
    before = list(LeadConversion.objects.order_by("pk").values())
    free = Application.objects.filter(number__in=numbers, of_lead=None).select_related("customer")
    for one in free:  # a list that comes too late, dated before
        early = dt.datetime.combine(one.filed_date - 2 * DAY, dt.time(), dt.UTC)
        LeadFactory(customer=one.customer, created_at=early)
    rows = [
        {"number": one.number, "customer": one.customer.number, "product": "GOLD",
         "branch": "B001", "filed_date": str(one.filed_date), "state": one.state,
         "decided_date": str(one.decided_date or "")}
        for one in Application.objects.filter(number__in=numbers)
    ]  # fmt: skip
    intake.import_rows(kind="applications", rows=rows, actor=None, at=AT + DAY, source_name="z")
    assert list(LeadConversion.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(("days", "counts"), [(-1, False), (0, True), (90, True), (91, False)])
def test_it_counts_for_ninety_days(days: int, counts: bool) -> None:
    make_bank()
    lead = LeadFactory(phone="13800000001", created_at=START)
    CustomerFactory(number="K1", phone="13800000001")
    filed = clock.bank_day(START) + days * DAY
    row = {
        "number": "A77", "customer": "K1", "product": "GOLD", "branch": "B001",
        "filed_date": str(filed), "state": "filed",
    }  # fmt: skip
    intake.import_rows(kind="applications", rows=[row], actor=None, at=AT, source_name="x")
    found = LeadConversion.objects.filter(lead=lead, caller=None)
    assert found.exists() is counts


def test_a_credit_stays() -> None:
    row_of("journeys.LeadConversion")
    for statement in (
        "UPDATE journeys_leadconversion SET caller_id = NULL, called_at = NULL",
        "DELETE FROM journeys_leadconversion",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)
