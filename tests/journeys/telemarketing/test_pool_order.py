"""The pool's own list, and what is assigned, are read piece by piece by an index: the answers are
those of one query that filters and sorts everything."""

import random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from journeys.contact import operations as contact
from journeys.models import Lead
from journeys.telemarketing import operations, queries, rules
from journeys.telemarketing.queries import walking
from portal.models import Branch, Staff
from portal.staff.access import Scope, scope_of
from tests.factories.journeys import ContactRuleFactory, CustomerFactory
from tests.factories.leads import called, caller, fill_pool, set_policy
from tests.factories.portal import BranchFactory
from tests.journeys.telemarketing.test_next import AT, DAYS, HOURS, lead
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
REFUSED = "15400000009"


@pytest.fixture
def branch() -> Branch:
    ContactRuleFactory()
    set_policy()
    found: Branch = BranchFactory()
    return found


def world(seed: int, branch: Branch, teams: list[Any]) -> None:
    """Leads of some branches, many of them alike in all that they are ordered by."""
    rng = random.Random(seed)
    others = [BranchFactory(parent=branch), BranchFactory(parent=branch), BranchFactory()]
    refuser = CustomerFactory(phone=REFUSED, branch=branch)
    contact.record_do_not_contact(
        customer_id=refuser.pk, words="x", source="call", actor=None, at=AT - DAYS
    )
    holder = caller(branch)
    for place in range(60):
        tries = rng.choice((0, 0, 1, 3))
        phone = REFUSED if rng.random() < 0.3 else str(15430000000 + place)
        lead(
            rng.choice([branch, branch, *others]), priority=rng.choice((0, 50, 50, 100)),
            attempts=tries, called_at=AT - DAYS if tries else None,
            created_at=AT - rng.choice((1, 1, 2)) * DAYS, team=rng.choice([None, *teams]),
            call_before=rng.choice((None, None, None, AT)),
            state=rng.choice(("new", "new", "new", "lost")), phone=phone,
        )  # fmt: skip
    for one in at_once(Scope(branch.path))[::9]:
        operations.claim_lead(lead_id=one.pk, actor=holder, at=AT)


def at_once(scope: Scope) -> list[Lead]:
    """The whole pool by one query."""
    rows = queries.callable_leads(scope=scope, at=AT)
    rows = rows.filter(owner=None, holder=None, state="new")
    return list(rows.order_by("-priority", "attempts", "-created_at", "-pk"))


def in_pages(person: Staff, size: int) -> list[Lead]:
    policy = queries.policy_of(branch_id=person.branch_id, on=AT.date())
    found: list[Lead] = []
    after = None
    while True:
        page = queries.pool_page(staff=person, policy=policy, at=AT, after=after, size=size)
        assert len(page.rows) == size or page.goes_on is None
        found += page.rows
        if page.goes_on is None:
            return found
        after = rules.place_of(str(page.goes_on))
        assert after == page.goes_on


@pytest.mark.parametrize("seed", range(2))
def test_piece_by_piece_the_pool_is_the_same(
    seed: int, branch: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "FIRST", 4)
    own, other = row_of("portal.Team", branch=branch), row_of("portal.Team", branch=branch)
    world(seed, branch, [own, other])
    me = caller(branch, team=own)
    whole = at_once(scope_of(me))
    assert len(whole) > 3 * walking.FIRST
    for size in (3, len(whole)):
        assert in_pages(me, size) == whole
    set_policy(branch, on=AT.date(), sight="team")
    assert in_pages(me, 5) == [one for one in whole if one.team in (None, own)]
    for scope in (scope_of(me), Scope(branch.path), Scope("")):
        ids = [one.pk for one in at_once(scope)]
        for most in (1, 500):
            assert queries.free_ids(scope=scope, at=AT, most=most) == ids[:most]
        assert queries.free_leads(scope=scope, at=AT) == len(ids)


def test_no_more_than_some_are_counted(branch: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "COUNTED", 3)
    scope = Scope(branch.path)
    told: list[int | str] = []
    for _place in range(5):
        lead(branch)
        told.append(queries.told_free(scope=scope, at=AT))
    assert told == [1, 2, 3, "3+", "3+"]


@pytest.mark.parametrize("seed", range(2))
def test_the_next_is_the_best_of_all(seed: int, branch: Branch) -> None:
    """Against an order of all leads, while some are called and others put down."""
    rng = random.Random(seed)
    me = caller(branch)
    below = BranchFactory(parent=branch)
    for place in range(24):
        one = lead(
            rng.choice((branch, below)), priority=rng.choice((0, 50, 100)),
            created_at=AT - place * HOURS, owner=rng.choice((None, None, me)),
            phone=rng.choice((REFUSED, *[str(15410000000 + place)] * 3)),
        )  # fmt: skip
        if rng.random() < 0.2:
            Lead.objects.filter(pk=one.pk).update(promised_at=AT, call_from=AT)
    contact.keep_refused_phone(phone=REFUSED, source="call", actor=None, at=AT)
    down: list[int] = []
    for _turn in range(50):
        expected = best_of_all(me, down)
        if expected is None:
            with pytest.raises(operations.LeadRefused):
                operations.next_lead(caller=me, at=AT)
            break
        assert operations.next_lead(caller=me, at=AT).lead_id == expected
        if rng.random() < 0.4:
            down = [*(pk for pk in down if pk != expected), expected]
            operations.put_down(caller_id=me.pk, at=AT)
        else:
            called(me, AT)
            down = [pk for pk in down if pk != expected]
    assert expected is None


def best_of_all(me: Staff, down: list[int]) -> int | None:
    rows = list(Lead.objects.exclude(call_from__gt=AT))
    good = queries.callable_among([one.pk for one in rows], at=AT)
    ready = [one for one in rows if one.owner_id in (None, me.pk) and one.pk in good]
    fresh = [one for one in ready if one.pk not in down]
    if not fresh:
        return next((pk for pk in down if pk in {one.pk for one in ready}), None)

    def rank(one: Lead) -> tuple[Any, ...]:
        due = one.promised_at is not None
        return not due, one.owner_id is None, -one.priority, -one.created_at.timestamp()

    return min(fresh, key=rank).pk


def test_the_list_goes_on_by_a_link(branch: Branch, client_of: Any) -> None:
    leads = [lead(branch, priority=90 - place) for place in range(25)]
    client: Client = client_of(caller(branch, language="en"))
    first = client.get(reverse("lead_desk"))
    assert list(first.context["page"].rows) == leads[:20]
    link = f"?after={first.context['page'].goes_on}"
    assert link in first.content.decode()
    rest = client.get(reverse("lead_desk") + link)
    assert list(rest.context["page"].rows) == leads[20:]
    assert "First page" in rest.content.decode()
    for odd in ("?after=x", "?after=1.2.3", "?page=2"):
        assert list(client.get(reverse("lead_desk") + odd).context["page"].rows) == leads[:20]
    # Nothing is left there: the beginning is shown.
    Lead.objects.filter(pk__in=[one.pk for one in leads[20:]]).update(call_before=AT)
    assert client.get(reverse("lead_desk") + link).url == reverse("lead_desk")


@pytest.mark.parametrize("goes_on", [False, True])
def test_a_piece_is_read_in_the_order_of_the_index(branch: Branch, goes_on: bool) -> None:
    """Nothing is sorted within a pool, and no other table is asked before."""
    for other in (branch, BranchFactory(), BranchFactory()):
        fill_pool(other, count=4_000, at=AT - DAYS)
    pools = walking.Pools([walking.Pool(branch.pk)], AT, is_ready=True)
    in_order = list(
        Lead.objects.filter(branch=branch).order_by("-priority", "attempts", "-created_at", "-id")
    )
    last = in_order[99]
    place = rules.Place(last.priority, last.attempts, last.created_at, last.pk) if goes_on else None
    begin = 100 if goes_on else 0
    with CaptureQueriesContext(connection) as seen:
        found = [one.lead_id for one in pools.best(place, 32)]
    assert found == [one.pk for one in in_order[begin : begin + 32]]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + seen[0]["sql"])
        plan = [line for (line,) in cursor.fetchall()]
    scans = [place for place, line in enumerate(plan) if " on journeys_lead " in line]
    assert len(scans) == (4 if goes_on else 1)
    for place in scans:
        assert "Index Scan using lead_next on" in plan[place]
        assert "Limit" in plan[place - 1]
