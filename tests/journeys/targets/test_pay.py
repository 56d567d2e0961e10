"""What scorecards pay, month by month, and what later facts take back: exact to the cent."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import translation

from journeys.models import Card
from journeys.rights.queries import copying
from journeys.targets import operations, queries
from journeys.targets.models import PayCard, PayEntry, PayMonth, Scorecard
from portal.kit.personal import PersonalTable
from portal.kit.registry import registry
from portal.models import AuditEntry, Staff
from portal.staff.access import Scope
from tests.factories import leads
from tests.factories import targets as made
from tests.factories.portal import BranchFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
AT, MONTH, APRIL = made.AT, made.MONTH, dt.date(2026, 4, 1)
CLOSING = dt.date(2026, 4, 10)


def seller(cards: int = 3, **values: Any) -> tuple[Staff, Scorecard]:
    """Somebody who sold so many cards in March, in a branch with a scorecard."""
    owner = made.manager()
    card = made.in_force(owner)
    person = leads.caller(owner.branch, **values)
    for _number in range(cards):
        made.sold(person, dt.date(2026, 3, 5))
    return person, card


def settle(on: dt.date) -> int:
    written = operations.settle_pay(on=on, at=AT)
    connection.check_constraints()
    return written


def use(cards: Any, on: dt.date) -> None:
    cards.update(activated_date=on, first_used_date=on)


def test_a_scorecard_is_tried_on_past_months_without_booking_anything() -> None:
    person, card = seller()
    lighter = made.scorecard(
        card.owner, made.items({"complaints_upheld": "40", "used_in_time": "40",
                                "cards_issued": "20"}), first_date=APRIL,
    )  # fmt: skip
    cards = {row.pk: row for row in queries.list_scorecards(scope=Scope(""))}
    people = queries.people_of(Scope(person.branch.path), person.branch.path)
    paid = [
        queries.pay_of(cards[one.pk], people, first=dt.date(2026, 2, 1), months=2)[0]
        for one in (card, lighter)
    ]
    # Three of ten cards, no complaint, none in use, nothing known of the rest; none in February.
    assert [{m: p.amount for m, p in one.months.items()} for one in paid] == [
        {dt.date(2026, 2, 1): 0, MONTH: Decimal("372.00")},
        {dt.date(2026, 2, 1): 0, MONTH: Decimal("460.00")},
    ]
    march = paid[0].months[MONTH]
    assert {one.line.code: one.amount for one in march.lines} == {
        "complaints_upheld": 330, "used_in_time": 0, "cards_issued": 42, "cards_in_use": 0,
        "promises_kept": 0,
    }  # fmt: skip
    assert sum(one.amount for one in march.lines) == march.amount
    words = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            words[language] = [
                queries.in_words(one, point_value=card.point_value) for one in march.lines
            ]
    assert words["en"][0].endswith("33 points × 100 % = 33 points × ¥10 = ¥330")
    assert words["zh-hans"][0] == (
        "员工责任投诉成立数：完成 0，目标 0，完成率 100%；33 分 × 100% = 33 分 × ¥10 = ¥330"
    )
    assert [one.partition("；")[0] for one in words["zh-hans"][1:3]] == [
        "90 天内用卡率：本月无数据，按 0% 计", "主卡发卡量：完成 3，目标 10，完成率 30%",
    ]  # fmt: skip
    assert (PayEntry.objects.count(), PayMonth.objects.count()) == (0, 0)


def test_an_approved_target_takes_the_place_of_the_goal() -> None:
    person, card = seller()
    plan = made.plan(made.manager(person.branch), total=Decimal(6), period="month",
                     first_date=MONTH)  # fmt: skip
    operations.split_node(
        node_id=made.root(plan).pk, level="person", weights={person.pk: Decimal(1)},
        actor=plan.owner, at=AT,
    )  # fmt: skip
    made.approved(plan)
    [paid] = queries.pay_of(card, [person], first=MONTH, months=1)
    [line] = [one for one in paid.months[MONTH].lines if one.line.code == "cards_issued"]
    assert (line.goal, line.points) == (6, 7)


def test_a_month_is_closed_once_on_its_day_and_each_card_has_its_part() -> None:
    person, _card = seller()
    settle(CLOSING - dt.timedelta(days=1))
    assert PayMonth.objects.count() == 0
    settle(CLOSING)
    row = PayMonth.objects.get(staff=person)
    assert (row.month, row.earned, row.payable, row.carried_out) == (MONTH, 372, 372, 0)
    assert [part.amount for part in PayCard.objects.order_by("pk")] == [14, 14, 14]
    before = list(PayEntry.objects.order_by("pk").values())
    assert settle(CLOSING) == 0
    assert settle(CLOSING + dt.timedelta(days=10)) == 0
    assert list(PayEntry.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("count", [1, 3, 7])
def test_the_parts_of_cards_come_exactly_to_what_was_earned(count: int) -> None:
    seller(count)
    settle(CLOSING)
    [entry] = PayEntry.objects.filter(measure__measure="cards_issued")
    assert entry.cards.aggregate(sum=Sum("amount"))["sum"] == entry.amount
    assert entry.cards.count() == count


def test_later_facts_take_back_what_a_card_brought_once() -> None:
    person, _card = seller(4)
    settle(CLOSING)
    closed, complained, unused, good = Card.objects.order_by("pk")
    use(Card.objects.filter(pk__in=[closed.pk, complained.pk, good.pk]), dt.date(2026, 3, 9))
    Card.objects.filter(pk=closed.pk).update(closed_date=dt.date(2026, 5, 1))
    row_of(
        "journeys.Complaint", customer=complained.customer, branch=person.branch, state="closed",
        opened_date=APRIL, answered_date=APRIL, closed_date=APRIL, remedy="x",
        cause_kind="staff", cause_staff=person,
    )  # fmt: skip
    settle(dt.date(2026, 4, 30))
    settle(dt.date(2026, 5, 1))
    settle(dt.date(2026, 9, 1))
    settle(dt.date(2026, 9, 2))
    taken = PayEntry.objects.filter(kind="taken_back").order_by("pk")
    assert [(row.takes_back.card, row.because, row.pay_month.month) for row in taken] == [
        (complained, "complaint", 4), (closed, "closed", 5), (unused, "unused", 9),
    ]  # fmt: skip
    assert {row.amount for row in taken} == {Decimal(-14)}
    assert AuditEntry.objects.filter(action="pay.taken_back").count() == 3


@pytest.mark.parametrize(
    ("closed", "used", "on", "because"),
    [
        (dt.date(2027, 3, 4), 180, dt.date(2027, 3, 4), ["closed"]),
        (dt.date(2027, 3, 5), 180, dt.date(2027, 6, 1), []),
        (dt.date(2027, 3, 4), 180, dt.date(2027, 3, 3), []),
        (None, 180, dt.date(2027, 3, 4), []),
        (None, 181, dt.date(2026, 9, 2), ["unused"]),
        (None, 181, dt.date(2026, 9, 1), []),
        (None, None, dt.date(2026, 9, 1), []),
        (None, None, dt.date(2026, 9, 2), ["unused"]),
    ],
)
def test_the_edges_of_what_takes_back(
    closed: dt.date | None, used: int | None, on: dt.date, because: list[str]
) -> None:
    """Issued on 5 March 2026: within twelve months, and unused after the 180th day, 1 September."""
    seller(1)
    settle(CLOSING)
    card = Card.objects.get()
    if used is not None:
        use(Card.objects.filter(pk=card.pk), card.issued_date + dt.timedelta(days=used))
    Card.objects.update(closed_date=closed)
    settle(on)
    taken = PayEntry.objects.filter(kind="taken_back")
    assert list(taken.values_list("because", flat=True)) == because


def test_what_a_month_lacks_is_carried_over_and_nothing_is_lost() -> None:
    """March pays 372; in April nothing is earned and 42 are taken back; in May 330 are earned."""
    person, _card = seller()
    settle(CLOSING)
    Card.objects.update(closed_date=dt.date(2026, 4, 11))
    settle(dt.date(2026, 4, 12))
    settle(dt.date(2026, 5, 10))
    assert _told(person) == [
        (3, 0, 372, 0, 372, 0), (4, 0, 0, -42, 0, -42),
    ]  # fmt: skip
    late = made.sold(person, dt.date(2026, 5, 5))
    use(Card.objects.filter(pk=late.pk), dt.date(2026, 5, 6))
    settle(dt.date(2026, 6, 10))
    rows = _told(person)
    assert rows[2][:2] == (5, -42)
    entries = PayEntry.objects.filter(staff=person).aggregate(sum=Sum("amount"))["sum"]
    paid = sum(row[4] for row in rows)
    assert entries == paid + rows[-1][5]
    assert rows[2][4] == rows[2][2] - 42


def _told(person: Staff) -> list[tuple[Any, ...]]:
    return [
        (row.month.month, row.carried_in, row.earned, row.taken_back, row.payable,
         row.carried_out)
        for row in PayMonth.objects.filter(staff=person).order_by("month")
    ]  # fmt: skip


def test_months_that_were_missed_are_closed_in_their_turn() -> None:
    person, _card = seller()
    settle(dt.date(2026, 7, 10))
    assert [row[0] for row in _told(person)] == [3, 4, 5, 6]


def test_nobody_is_paid_for_months_before_the_scorecard_or_before_joining() -> None:
    person, _card = seller(joined_date=APRIL)
    settle(dt.date(2026, 5, 10))
    assert [row[0] for row in _told(person)] == [4]
    other = leads.caller(BranchFactory())
    settle(dt.date(2026, 6, 10))
    assert _told(other) == []


def test_a_customers_copy_says_nothing_of_what_staff_are_paid() -> None:
    part = row_of("journeys.PayCard")
    row_of("journeys.PayEntry", takes_back=part)
    table = registry.personal["journeys.PayCard"]
    assert isinstance(table, PersonalTable)
    names = {sheet.name for sheet in copying.sheets_of([part.card.customer])}
    assert str(table.name) not in names


def test_a_branch_follows_the_nearest_scorecard_above() -> None:
    region = BranchFactory()
    branch = BranchFactory(parent=region)
    above = made.in_force(made.manager(region))
    found = queries.in_force([region, branch], MONTH)
    assert {pk: card.pk for pk, card in found.items()} == {region.pk: above.pk, branch.pk: above.pk}
    own = made.in_force(made.manager(branch), first_date=APRIL)
    assert queries.in_force([branch], MONTH)[branch.pk].pk == above.pk
    assert queries.in_force([branch], APRIL)[branch.pk].pk == own.pk
    assert queries.in_force([BranchFactory()], APRIL) == {}
