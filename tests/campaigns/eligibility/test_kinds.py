"""What each kind of run does: the same decisions, awards and answers, into different sinks."""

import datetime as dt
import itertools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import panels, queries, rules
from campaigns.models import CampaignVersion, Decision, Grant, Run
from journeys.models import Card, Contact, Message
from portal.kit import clock
from portal.staff import access
from tests.factories.campaigns import AT, ON, PLAN, RULE, TIER, approved, card_in_use
from tests.factories.control import id_numbers, is_left_out
from tests.factories.journeys import (
    DAY,
    CardFactory,
    ConsentFactory,
    CustomerFactory,
    TransactionFactory,
)
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db

SPENT = {"kind": "spending_in_window", "days": 65, "last_day": "inside"}
TIERS = [
    TIER | {"code": "small", "value": "10.00", "needs": SPENT | {"at_least": "500.00"}},
    TIER | {"code": "middle", "value": "30.00", "needs": SPENT | {"at_least": "1000.00"}},
    TIER | {"code": "large", "value": "99.99", "needs": {"not": {"any": [
        {"kind": "issued_within", "days": 1}, {"not": SPENT | {"at_least": "2000.00"}},
    ]}}},
]  # fmt: skip
CONTROL = 20
USED: dict[str, Any] = {"all": [{"kind": "activated"}, {"kind": "first_used"}]}


def run_of(version: CampaignVersion, kind: str, at: dt.datetime = AT, **more: Any) -> Run:
    start = {"version_id": version.pk, "kind": kind, "on": ON, "started_by": None, "at": at}
    run = eligibility.start_run(**start | more)
    eligibility.work_run(run_id=run.pk, now=lambda: at)
    run.refresh_from_db()
    assert run.state == "done"
    return run


def rows_of(run: Run) -> list[tuple[Any, ...]]:
    fields = ("customer_id", "card_id", "outcome", "failed_at", "facts", "reached", "award",
              "awarded", "gate", "channel")  # fmt: skip
    return list(Decision.objects.filter(run=run).order_by("customer_id").values_list(*fields))


def crowd() -> None:
    """Customers of every fate: some had it before, refuse contact, have no card, spent little."""
    for number, spent in enumerate(("499.99", "500.00", "999.99", "1000.00", "2500.00") * 4):
        card = card_in_use(spent=spent)
        if number % 3 == 0:
            ConsentFactory(
                customer=card.customer, is_granted=False, effective_at=AT - dt.timedelta(days=1)
            )
        if number % 7 == 0:
            type(card).objects.filter(pk=card.pk).update(first_used_date=None)
    CustomerFactory()


def drawn(make: Callable[[], Card], *, in_control: bool) -> Card:
    """A card whose customer is in the control group or not; who is, hangs on the customer's id."""
    while True:
        card = make()
        if is_left_out(PLAN["code"], card.customer, CONTROL) == in_control:
            return card


def not_in_use() -> Card:
    card = card_in_use()
    type(card).objects.filter(pk=card.pk).update(first_used_date=None)
    return card


def test_live_equals_the_dry_run_to_the_last_customer_and_cent() -> None:
    earlier = approved()
    card_in_use(), drawn(card_in_use, in_control=False)
    yesterday = AT - dt.timedelta(days=1)
    run_of(earlier, "live", yesterday, on=ON - dt.timedelta(days=1))
    crowd()
    drawn(card_in_use, in_control=True), drawn(not_in_use, in_control=False)
    version = approved(
        rule={"kind": "activated"}, rewards={"tiers": TIERS}, control_percent=CONTROL
    )
    before = (Grant.objects.count(), Message.objects.count(), Contact.objects.count())
    dry = run_of(version, "dry_run")
    assert (Grant.objects.count(), Message.objects.count(), Contact.objects.count()) == before
    live = run_of(version, "live")
    assert rows_of(dry) == rows_of(live)
    # A live run keeps besides what it reaches, for the runs that will stand on it.
    assert live.figures == dry.figures | {"measured": queries.measured(dry).as_data()}
    answers = {row[6] for row in rows_of(live)}
    assert answers == {"", "granted", "had_before", "control", "not_in_use"}
    granted = Decision.objects.filter(run=live, award="granted").values_list(
        "customer_id", "awarded"
    )
    given = Grant.objects.filter(run=live).values_list("customer_id", "amount")
    assert sorted(granted) == sorted(given)


def test_tiers_are_reached_by_what_they_ask_beyond_the_rule() -> None:
    version = approved(rule=USED, rewards={"tiers": TIERS})
    cards = [card_in_use(spent=spent) for spent in ("499.99", "500.00", "1999.99", "2000.00")]
    asleep = CardFactory(activated_date=DAY)
    run = run_of(version, "live")
    found = {row.customer_id: row for row in Decision.objects.filter(run=run)}
    assert [
        (found[card.customer_id].outcome, found[card.customer_id].reached) for card in cards
    ] == [("no_tier", []), ("qualified", [0]), ("qualified", [0, 1]), ("qualified", [0, 1, 2])]
    unexamined = found[asleep.customer_id]
    assert (unexamined.outcome, unexamined.failed_at, len(unexamined.facts)) == (
        "not_qualified", 1, 2,
    )  # fmt: skip
    assert found[cards[2].customer_id].facts[2:] == [
        [True, "1999.99"], [True, "1999.99"], [False, 10], [False, "1999.99"],
    ]  # fmt: skip
    assert list(Grant.objects.order_by("customer_id").values_list("reward", "amount")) == [
        ("small", Decimal("10.00")), ("middle", Decimal("30.00")), ("large", Decimal("99.99")),
    ]  # fmt: skip
    receipt = queries.tier_receipts(Decision.objects.get(run=run, customer=cards[2].customer))
    assert [(one.tier.code, one.is_reached) for one in receipt] == [
        ("small", True), ("middle", True), ("large", False),
    ]  # fmt: skip
    assert [line.finding for one in receipt for line in one.lines] == [
        "met", "met", "not_met", "not_met",
    ]  # fmt: skip
    steps = queries.figures_of(run).steps
    assert [(step.kind, step.failed) for step in steps] == [
        ("has_card", 0), ("activated", 0), ("first_used", 1), ("tier", 1),
    ]  # fmt: skip


def test_customers_of_other_branches_are_left_out() -> None:
    region = BranchFactory(level="region")
    below = BranchFactory(parent=region)
    version = approved(branches=[region.code])
    inside = [card_in_use(customer__branch=branch) for branch in (region, below)]
    outside = card_in_use()
    run = run_of(version, "live")
    outcomes = dict(Decision.objects.filter(run=run).values_list("customer_id", "outcome"))
    assert outcomes == {
        **{card.customer_id: "qualified" for card in inside},
        outside.customer_id: "other_branch",
    }
    figures = queries.figures_of(run)
    assert [(step.kind, step.failed) for step in figures.steps][:2] == [
        ("branch", 1), ("has_card", 0),
    ]  # fmt: skip
    assert figures.branches == {
        region.pk: (1, Decimal("10.00")), below.pk: (1, Decimal("10.00")),
    }  # fmt: skip
    assert Grant.objects.count() == 2


@pytest.mark.parametrize(("days", "refused"), [
    ({"runs_from": "2026-06-30"}, False), ({"runs_from": "2026-07-01"}, True),
    ({"runs_to": "2026-07-01"}, False), ({"runs_to": "2026-06-30"}, True),
])  # fmt: skip
def test_a_live_run_is_of_a_day_on_which_the_campaign_runs(
    days: dict[str, str], refused: bool
) -> None:
    version = approved(**days)
    card_in_use()
    if refused:
        with translation.override("en"), pytest.raises(eligibility.OutsideDays) as told:
            run_of(version, "live")
        assert str(told.value).startswith("First gift ")
        assert not Run.objects.exists()
    else:
        run_of(version, "live")
    run_of(version, "dry_run")
    assert Grant.objects.count() == (not refused)


def test_a_run_that_outlasts_the_campaign_stops() -> None:
    version = approved(runs_to="2026-07-01")
    card_in_use()
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    eligibility.work_run(run_id=run.pk, now=lambda: AT + dt.timedelta(days=2))
    run.refresh_from_db()
    assert (run.state, run.failure, Grant.objects.count()) == ("stopped", "days_over", 0)


def test_the_control_group_gets_nothing_and_hears_nothing() -> None:
    version = approved(control_percent=50)
    cards = [card_in_use(customer__id_number=one) for one in id_numbers(20)]
    run = run_of(version, "live")
    expected = {card.customer_id for card in cards if is_left_out("first-gift", card.customer, 50)}
    assert 0 < len(expected) < 20
    control = Decision.objects.filter(run=run, award="control", outcome="qualified", gate="")
    assert set(control.values_list("customer_id", flat=True)) == expected
    told = set(Message.objects.values_list("customer_id", flat=True))
    given = set(Grant.objects.values_list("customer_id", flat=True))
    assert told == given == {card.customer_id for card in cards} - expected
    checks = queries.figures_of(run).checks
    assert [(one.group, one.failed, one.left) for one in checks] == [
        ("control", len(expected), 20 - len(expected)),
    ]  # fmt: skip


def test_figures_are_written_down_when_the_run_ends(django_assert_num_queries: Any) -> None:
    version = approved(rule=RULE)
    card_in_use(), card_in_use(spent="1.00")
    run = run_of(version, "dry_run")
    run = Run.objects.select_related("version__campaign").get(pk=run.pk)
    with django_assert_num_queries(0):
        figures = queries.figures_of(run)
    assert (figures.customers, figures.qualified, figures.given.amount) == (2, 1, Decimal("10.00"))


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_order_in_which_chunks_are_decided_changes_nothing(
    order: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SMALLEST_CHUNK", 1)
    monkeypatch.setattr(rules, "LARGEST_CHUNK", 1)
    version = approved()
    cards = [card_in_use() for _number in range(3)]
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    chunk_ids = list(run.chunks.order_by("number").values_list("id", flat=True))
    for place in order:
        eligibility.work_chunk(chunk_id=chunk_ids[place], now=lambda: AT)
    run.refresh_from_db()
    assert run.state == "done"
    settled = Grant.objects.order_by("id").values_list("customer_id", flat=True)
    assert list(settled) == [card.customer_id for card in cards]


# --- back-tests -------------------------------------------------------------------------------
def later(days: int) -> dt.date:
    return DAY + dt.timedelta(days=days)


def test_a_back_test_is_an_evenings_run_for_each_of_its_days() -> None:
    version = approved()
    first, second = card_in_use(), card_in_use(spent="400.00")
    TransactionFactory(card=second, amount=Decimal("100.00"), posted_date=later(3))
    # Reached and given back: an evening's run in between would have granted.
    third = card_in_use(spent="450.00")
    TransactionFactory(card=third, amount=Decimal("50.00"), posted_date=later(2))
    TransactionFactory(card=third, amount=Decimal("-50.00"), posted_date=later(4), kind="refund")
    poor = card_in_use(spent="1.00")
    run = run_of(version, "back_test", first=later(1), on=later(5))
    found = {row.customer_id: row for row in Decision.objects.filter(run=run)}
    assert {key: (row.outcome, row.award, row.decided_date) for key, row in found.items()} == {
        first.customer_id: ("qualified", "granted", later(1)),
        second.customer_id: ("qualified", "granted", later(3)),
        third.customer_id: ("qualified", "granted", later(2)),
        poor.customer_id: ("not_qualified", "", later(5)),
    }
    figures = queries.figures_of(run)
    assert figures.days == {
        later(day): (1, Decimal("10.00")) for day in (1, 2, 3)
    }  # fmt: skip
    assert (figures.customers, figures.qualified, figures.given.amount) == (4, 3, Decimal("30.00"))
    assert (Grant.objects.count(), Message.objects.count()) == (0, 0)


def test_a_back_test_equals_the_live_runs_of_its_evenings() -> None:
    version = approved()
    for number in range(12):
        card = card_in_use(spent="450.00")
        TransactionFactory(
            card=card, amount=Decimal("60.00"), posted_date=later(number % 5),
            kind="purchase",
        )  # fmt: skip
    tested = run_of(version, "back_test", first=later(0), on=later(3))
    by_day = {}
    for number in range(4):
        evening = dt.datetime.combine(later(number), dt.time(15, 30), dt.UTC)
        live = run_of(version, "live", evening, on=later(number))
        by_day[later(number)] = set(
            Grant.objects.filter(run=live).values_list("customer_id", "amount")
        )
    simulated = Decision.objects.filter(run=tested, award="granted")
    assert by_day == {
        day: set(simulated.filter(decided_date=day).values_list("customer_id", "awarded"))
        for day in by_day
    }


def test_the_instant_by_which_somebody_came_to_qualify() -> None:
    version = approved()
    early = card_in_use()
    at = dt.datetime.combine(later(2), dt.time(7, 30), dt.UTC)
    timed, untimed = card_in_use(spent="450.00"), card_in_use(spent="450.00")
    TransactionFactory(card=timed, amount=Decimal("60.00"), posted_date=later(2), posted_at=at)
    TransactionFactory(card=untimed, amount=Decimal("60.00"), posted_date=later(2))
    run = run_of(version, "back_test", first=later(1), on=later(2))
    came = dict(Decision.objects.filter(run=run).values_list("customer_id", "came_at"))
    # The bank's day begins at 16:00 UTC of the day before.
    start = dt.datetime.combine(later(0), dt.time(16), dt.UTC)
    assert came == {
        early.customer_id: start,
        timed.customer_id: at,
        untimed.customer_id: start + dt.timedelta(days=2),
    }


@pytest.mark.parametrize(("stock", "hour", "day"), [(1, 5, 2), (3, 9, 3), (4, 9, 3), (5, 6, 4)])
def test_the_hour_at_which_the_stock_of_a_tier_runs_out(stock: int, hour: int, day: int) -> None:
    """Five come to qualify, in an order that is not that of their numbers; of those who
    take it the last to come says the hour."""
    version = approved(rewards={"tiers": [TIER | {"stock": stock}]})
    for came_day, came_hour in ((3, 9), (2, 5), (4, 6), (2, 7), (3, 4)):
        card = card_in_use(spent="450.00")
        for amount, at in (("60.00", came_hour), ("-1.00", 23)):
            TransactionFactory(
                card=card, amount=Decimal(amount), posted_date=later(came_day),
                posted_at=clock.start_of(later(came_day)) + dt.timedelta(hours=at),
                kind="purchase" if at == came_hour else "refund",
            )  # fmt: skip
    run = run_of(version, "back_test", first=later(1), on=later(5))
    (ended,) = queries.figures_of(run).ran_out
    reached = clock.start_of(later(day)) + dt.timedelta(hours=hour)
    assert (ended.tier, ended.given, ended.day, ended.at) == (
        TIER["code"], stock, later(day), reached,
    )  # fmt: skip
    given = Decision.objects.filter(run=run, award="granted")
    assert given.count() == stock
    assert given.order_by("-decided_date")[0].decided_date == later(day)


def test_each_tier_ends_when_its_own_last_was_given() -> None:
    """Three reach the high tier, of which there is one, and of the low one there is one: the second
    is given the low one, the third nothing. Each branch has its own last."""
    reached = {"kind": "spending_in_window", "days": 90, "last_day": "inside", "at_least": "500.00"}
    tiers = [
        TIER | {"code": "low", "value": "5.00", "stock": 1},
        TIER | {"code": "high", "value": "20.00", "stock": 1, "needs": reached},
    ]
    version = approved(rule={"all": [{"kind": "activated"}, reached]}, rewards={"tiers": tiers})
    cards, came = [], [(2, 9), (3, 8), (3, 5)]
    for day, hour in came:
        card = card_in_use(spent="450.00")
        cards.append(card)
        TransactionFactory(
            card=card, amount=Decimal("60.00"), posted_date=later(day),
            posted_at=clock.start_of(later(day)) + dt.timedelta(hours=hour),
        )  # fmt: skip
    run = run_of(version, "back_test", first=later(1), on=later(4))
    rows = Decision.objects.filter(run=run).order_by("customer_id")
    assert [(row.award, row.given) for row in rows] == [
        ("granted", [1]), ("granted", [0]), ("stock_out", None),
    ]  # fmt: skip
    found = {one.tier: one for one in queries.figures_of(run).ran_out}
    hours = [clock.start_of(later(day)) + dt.timedelta(hours=hour) for day, hour in came]
    assert (found["high"].given, found["high"].day, found["high"].at) == (1, later(2), hours[0])
    assert (found["low"].given, found["low"].day, found["low"].at) == (1, later(3), hours[1])
    branches = [card.customer.branch_id for card in cards]
    assert found["high"].branches == {branches[0]: found["high"].whole}
    assert found["low"].branches == {branches[1]: found["low"].whole}
    scope = access.scope_of(StaffFactory(role="campaign_manager"))
    shown = panels.figures(run, scope=scope)["ended_by_branch"]
    assert [[row[1:3] for row in table["rows"]] for table in shown] == [
        [(1, later(3))], [(1, later(2))],
    ]  # fmt: skip


def test_a_stock_that_is_not_used_up_runs_out_at_no_hour() -> None:
    version = approved(rewards={"tiers": [TIER | {"stock": 3}]})
    for _number in range(2):
        card_in_use()
    run = run_of(version, "back_test", first=later(1), on=later(2))
    assert queries.figures_of(run).ran_out == []


@pytest.mark.parametrize(("first", "on", "problem"), [
    (ON, ON - dt.timedelta(days=1), "The first day must not come after the last."),
    (ON - dt.timedelta(days=92), ON,
     "A back-test covers at most 92 days; choose a later first day."),
])  # fmt: skip
def test_a_span_that_cannot_be_tested_is_refused(first: dt.date, on: dt.date, problem: str) -> None:
    version = approved()
    with translation.override("en"), pytest.raises(eligibility.SpanNotAllowed) as refused:
        run_of(version, "back_test", first=first, on=on)
    assert str(refused.value) == problem
    assert not Run.objects.exists()
