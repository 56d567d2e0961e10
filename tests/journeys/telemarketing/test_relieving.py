"""What is proposed for the leads of somebody who is away or has too many, and that it comes so."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from journeys.models import Lead, LeadMove
from journeys.telemarketing import operations, queries, rules
from journeys.telemarketing.rules import Open
from merchants.models import PostAbsence
from portal.kit import clock
from portal.models import Branch, Staff
from portal.staff.access import scope_of
from tests.factories.journeys import ContactRuleFactory, CustomerFactory, LeadFactory
from tests.factories.leads import caller, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.journeys.telemarketing.test_desk import ClientOf, press
from tests.project.rows import row_of

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
_phones = (str(number) for number in range(15446000001, 15446999999))


def _open(count: int, *, overdue: int = 0, promised: int = 0) -> list[Open]:
    """So many open leads: the promised ones first, of which some are overdue, as a page lists."""
    return [Open(n, n <= promised, n <= overdue) for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("leads", "out", "held", "others", "found"),
    [
        (_open(3), "absent", 3, [9, 9], ([1, 2, 3], "absent")),
        (_open(2), "unqualified", 2, [], ([1, 2], "unqualified")),
        # Nine of three people are three each: of seven, four go.
        (_open(7), "", 7, [1, 1], ([1, 2, 3, 4], "more")),
        # What was promised goes last, for a later time of the day.
        (_open(7, promised=2), "", 7, [1, 1], ([3, 4, 5, 6], "more")),
        # What is overdue goes in any case, and first.
        (_open(7, overdue=1, promised=2), "", 7, [1, 1], ([1, 3, 4, 5], "behind")),
        (_open(2, overdue=2, promised=2), "", 2, [5, 5], ([1, 2], "behind")),
        # One more than the even share is not too much where it cannot be shared.
        (_open(3), "", 3, [2, 2], ([], None)),
        (_open(4), "", 4, [2, 2], ([1], "more")),
        (_open(5), "", 5, [], ([], None)),
        # What may not change hands counts too: two of five may.
        (_open(2), "", 5, [0], ([1, 2], "more")),
        ([], "", 9, [0], ([], None)),
    ],
)
def test_which_leads_are_to_go(
    leads: list[Open], out: str, held: int, others: list[int], found: Any
) -> None:
    assert rules.to_hand_over(leads, out=out, held=held, others=others) == found


@pytest.fixture
def branch() -> Branch:
    ContactRuleFactory(opens=dt.time(0), closes=dt.time(0))  # whenever the tests run
    set_policy()
    return BranchFactory()


def boss_of(branch: Branch) -> Staff:
    return StaffFactory(role="branch_manager", branch=branch, language="en")


def owned(person: Staff, count: int, **values: Any) -> list[Lead]:
    return [
        LeadFactory(branch=person.branch, owner=person, phone=next(_phones), **values)
        for _place in range(count)
    ]


def is_away(person: Staff) -> None:
    today = clock.today()
    PostAbsence.objects.create(
        staff=person, kind="sick", first_date=today, last_date=today,
        recorded_by=boss_of(person.branch), recorded_at=clock.now(),
    )  # fmt: skip


def proposed(person: Staff, boss: Staff) -> queries.Relief | None:
    scope, at = scope_of(boss), clock.now()
    rows = list(queries.own_leads(scope=scope, staff_id=person.pk, at=at))
    return queries.relief_of(person, rows, scope=scope, at=at)


def gets(found: queries.Relief | None) -> Any:
    return found and [(one, count, after) for one, count, after in found.gets]


@pytest.mark.django_db
def test_who_is_away_is_relieved_by_two_requests(branch: Branch, client_of: ClientOf) -> None:
    """The page carries the whole proposal; what its button sends is what becomes of the leads."""
    away, one, other, also_away = (caller(branch) for _place in range(4))
    boss = boss_of(branch)
    owned(away, 5)
    owned(one, 2)
    is_away(away)
    is_away(also_away)
    client = client_of(boss)
    page = client.get(reverse("lead_holder", args=[away.username]), {"relief": "1"})
    form, relief = page.context["form"], page.context["relief"]
    assert gets(relief) == [(one, 2, 4), (other, 3, 3)]
    assert "Hand over 5 as proposed" in page.content.decode()
    assert page.content.decode().count(" checked") == 5 + 2
    sent = {name: form[name].value() for name in ("leads", "why", "to")}
    assert press(client, "lead_take_back", sent, username=away.username) == ["Handed over: 5."]
    counted = queries.open_leads_of([away.pk, one.pk, other.pk, also_away.pk])
    assert counted == {one.pk: 4, other.pk: 3}
    moves = LeadMove.objects.filter(path="take_back")
    assert {move.why for move in moves} == {"The owner is absent today."}
    again = client.get(reverse("lead_holder", args=[away.username]), {"relief": "1"})
    assert again.context["relief"] is None


@pytest.mark.django_db
def test_who_has_more_is_brought_to_the_even_share(branch: Branch) -> None:
    loaded, one, other = (caller(branch) for _place in range(3))
    boss = boss_of(branch)
    owned(loaded, 7)
    owned(one, 2)
    found = proposed(loaded, boss)
    assert found is not None
    assert (found.why, found.stay, gets(found)) == ("more", 3, [(one, 2, 4), (other, 2, 2)])
    assert proposed(one, boss) is None
    operations.hand_over_leads(
        lead_ids=found.lead_ids, takers=[operations.Taker(who.pk) for who, _n, _m in found.gets],
        actor=boss, at=clock.now(), why=str(found.why.label),
    )  # fmt: skip
    assert queries.open_leads_of([loaded.pk, one.pk, other.pk]) == {
        loaded.pk: 3, one.pk: 4, other.pk: 2,
    }  # fmt: skip
    assert proposed(loaded, boss) is None


@pytest.mark.django_db
def test_what_may_not_change_hands_is_not_proposed(branch: Branch) -> None:
    """What is in hand, refused, or was had before by the only one who is there; and up to the
    cap alone."""
    away, one = caller(branch), caller(branch)
    boss, at = boss_of(branch), clock.now()
    had = owned(one, 1)[0]
    operations.hand_over_leads(
        lead_ids=[had.pk], takers=[operations.Taker(away.pk)], actor=boss, at=at - DAY, why="x"
    )
    in_hand, free, last = owned(away, 3)
    Lead.objects.filter(pk=in_hand.pk).update(holder=away, held_until=at + HOUR)
    phone = next(_phones)
    LeadFactory(branch=branch, owner=away, phone=phone)
    row_of("journeys.DoNotContact", customer=CustomerFactory(phone=phone))
    is_away(away)
    found = proposed(away, boss)
    assert found is not None
    assert (found.lead_ids, found.stay) == ([free.pk, last.pk], 3)
    assert gets(found) == [(one, 2, 2)]
    set_policy(branch, claim_cap=1)
    found = proposed(away, boss)
    assert found is not None
    assert (gets(found), found.stay) == ([(one, 1, 1)], 4)
    assert proposed(away, boss_of(BranchFactory())) is None
