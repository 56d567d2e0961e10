"""Who is near: nothing but a sum of spending is missing, and there is time; and what a receipt says
of days stays as it was."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import queries
from campaigns.groups import operations as groups
from campaigns.models import CampaignVersion, Decision, Grant, Run
from campaigns.planning import operations as planning
from campaigns.planning.rules.naming import APPROVAL_KIND
from journeys.models import Application, Card
from portal.approvals import operations as approvals
from portal.staff import access
from tests.factories.campaigns import AT, ON, TIER, approve, approved, card_in_use, draft
from tests.factories.control import id_numbers, is_left_out
from tests.factories.journeys import DAY, TransactionFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db

ONE = dt.timedelta(days=1)
USED = {"kind": "activated"}
# Until day 150 after the issue: a month is left on the day of the runs.
SPENT = {"kind": "spending_in_window", "days": 150, "last_day": "inside", "at_least": "500.00"}
NINE = {"kind": "purchases_in_window", "days": 150, "last_day": "inside", "at_least": 9}
FIXED = {
    "kind": "spending_in_window", "counted_from": "dates", "at_least": "500.00",
    "first_date": DAY.isoformat(), "last_date": "2026-07-20", "last_day": "inside",
}  # fmt: skip


def ran(version: CampaignVersion, on: dt.date = ON) -> Run:
    at = AT + (on - ON)
    run = eligibility.start_run(version_id=version.pk, kind="live", on=on, started_by=None, at=at)
    eligibility.work_run(run_id=run.pk, now=lambda: at)
    run.refresh_from_db()
    assert run.state == "done", run.failure
    return run


def near(run: Run) -> list[tuple[int, str, str]]:
    scope = access.scope_of(StaffFactory(role="compliance"))
    rows = queries.near_misses(run, scope=scope, on=run.on_date)
    return [(row.customer_id, str(row.gap), row.deadline.isoformat()) for row in rows]


def test_who_lacks_more_than_spending_is_not_near_and_is_not_written_to() -> None:
    version = approved(rule={"all": [SPENT, NINE]})
    card_in_use(spent="499.00")
    assert near(ran(version)) == []
    goal = {"kind": "near_goal", "campaign": "first-gift", "at_most": "150.00", "days_left": 1}
    other = draft(code="near", rule={"all": [goal]})
    approve(other)
    run = ran(other)
    assert list(Decision.objects.filter(run=run).values_list("outcome", flat=True)) == [
        "not_qualified"
    ]


@pytest.mark.parametrize(("rule", "last"), [
    (SPENT, (DAY + 150 * ONE).isoformat()),
    (SPENT | {"last_day": "outside"}, (DAY + 149 * ONE).isoformat()),
    (SPENT | {"counted_from": "activation"}, (DAY + 151 * ONE).isoformat()),
    (FIXED, "2026-07-20"),
    (FIXED | {"last_day": "outside"}, "2026-07-19"),
])  # fmt: skip
def test_each_window_has_near_misses(rule: dict[str, Any], last: str) -> None:
    card = card_in_use(spent="499.00", activated_date=DAY + ONE, first_used_date=DAY + ONE)
    TransactionFactory(card=card, amount=Decimal("0.50"), posted_date=DAY + 9 * ONE)
    Application.objects.update(filed_date=DAY)
    run = ran(approved(rule={"all": [USED, rule]}))
    found = Decision.objects.get(run=run)
    spent = Decimal(found.facts[1][1])
    assert near(run) == [(card.customer_id, str(500 - spent), last)]
    assert queries.receipt_of(found)[1].explanation.deadline.isoformat() == last


@pytest.mark.parametrize(("days", "is_near"), [(1, False), (2, True), (30, True)])
def test_nothing_is_promised_for_days_after_the_campaign(days: int, is_near: bool) -> None:
    """The campaign's last day is that before `runs_to`, and the day of the run has ended."""
    ends = ON + days * ONE
    version = approved(rule={"all": [USED, SPENT]}, runs_to=ends.isoformat())
    card = card_in_use(spent="499.00")
    run = ran(version)
    last = min(ends - ONE, DAY + 150 * ONE)
    assert near(run) == ([(card.customer_id, "1.00", last.isoformat())] if is_near else [])
    (receipt,) = queries.receipts_about(card.customer_id, today=ON)
    assert receipt.line.explanation.deadline == last
    assert receipt.days_left == ((last - ON).days if is_near else None)


def test_who_fills_the_gap_by_the_last_day_has_the_reward() -> None:
    version = approved(rule={"all": [USED, SPENT]}, runs_to=(ON + 3 * ONE).isoformat())
    card = card_in_use(spent="499.00")
    ((_who, gap, last),) = near(ran(version))
    day = dt.date.fromisoformat(last)
    TransactionFactory(card=card, amount=Decimal(gap), posted_date=day)
    assert near(ran(version, day)) == []
    assert Grant.objects.get().card == card


def test_where_every_tier_asks_more_the_tier_is_what_is_near() -> None:
    tiers = [
        TIER | {"code": f"t{least}", "needs": SPENT | {"at_least": f"{least}.00"}}
        for least in (500, 900)
    ]
    version = approved(rule={"all": [USED, SPENT | {"at_least": "300.00"}]},
                       rewards={"tiers": tiers})  # fmt: skip
    # Who meets the rule with 300 has nothing yet.
    card_in_use(spent="299.00")
    tiered = card_in_use(spent="450.00")
    card_in_use(spent="600.00")
    assert near(ran(version)) == [
        (tiered.customer_id, "50.00", (DAY + 150 * ONE).isoformat()),
    ]


def test_a_receipt_says_what_it_said_when_the_days_of_the_card_are_corrected() -> None:
    rule = [{"kind": "issued_within", "days": 20}, SPENT,
            SPENT | {"counted_from": "activation", "at_least": "9.00"}]  # fmt: skip
    card = card_in_use(spent="499.00")
    decision = Decision.objects.get(run=ran(approved(rule={"all": rule})))

    def said() -> Any:
        found = queries.find_decision(decision.pk, scope=access.Scope(branch_path=""))
        (verdict,) = queries.receipts_about(card.customer_id, today=ON)
        assert found is not None
        return queries.receipt_of(found), verdict.line, verdict.days_left

    before = said()
    assert before[2] == (DAY + 150 * ONE - ON).days
    later = DAY + 40 * ONE
    Card.objects.update(issued_date=later, activated_date=later, first_used_date=later)
    Application.objects.update(filed_date=DAY - 100 * ONE)
    assert said() == before


# --- who can never be given it ----------------------------------------------------------------
GOAL = {"kind": "near_goal", "campaign": "first-gift", "at_most": "150.00", "days_left": 1}


def told(code: str = "near") -> set[int]:
    """Whom a second campaign would write to."""
    other = draft(code=code, rule={"all": [GOAL]})
    approve(other)
    rows = Decision.objects.filter(run=ran(other), outcome="qualified")
    return set(rows.values_list("customer", flat=True))


def test_who_is_left_out_for_comparison_is_not_told_that_little_is_missing() -> None:
    version = approved(rule={"all": [USED, SPENT]}, control_percent=50)
    cards = [card_in_use(spent="499.00", customer__id_number=one) for one in id_numbers(12)]
    everybody = {card.customer_id for card in cards}
    control = {card.customer_id for card in cards if is_left_out("first-gift", card.customer, 50)}
    assert control
    assert everybody - control
    found = {who for who, _gap, _last in near(ran(version))}
    for card in cards:
        TransactionFactory(card=card, amount=Decimal("1.00"), posted_date=ON + ONE)
    asked = told()
    ran(version, ON + ONE)
    given = set(Grant.objects.filter(version=version).values_list("customer", flat=True))
    assert (found, asked, given) == (everybody - control,) * 3


@pytest.mark.parametrize("is_void", [False, True])
def test_nobody_is_near_to_a_campaign_that_ended(is_void: bool) -> None:
    """Stopped, or of a version whose approval is void."""
    version = approved(rule={"all": [USED, SPENT]})
    card = card_in_use(spent="499.00")
    ran(version)
    assert told("before") == {card.customer_id}
    run = Run.objects.get(campaign=version.campaign)
    assert near(run) == [(card.customer_id, "1.00", (DAY + 150 * ONE).isoformat())]
    if is_void:
        approvals.void_approved(
            kind=APPROVAL_KIND, target_key=str(version.pk), reason=lambda: "wrong", at=AT
        )
        version.refresh_from_db()
        assert version.state != "approved"
    else:
        planning.stop_campaign(
            campaign_id=version.campaign_id, reason="wrong", actor=StaffFactory(role="compliance"),
            at=AT,
        )  # fmt: skip
    assert told() == set()
    run = Run.objects.select_related("version__campaign").get(pk=run.pk)
    assert near(run) == []


@pytest.mark.parametrize(("term", "is_near"), [(None, False), (33, False), (32, True), (1, True)])
def test_who_is_held_by_another_of_the_group_to_the_end_is_not_near(
    term: int | None, is_near: bool
) -> None:
    """The campaign gives something until the day before that on which it ends, and works it off on
    that day; the other one gave something two days ago."""
    groups.open_group(
        code="one-of-two", name="二选一", name_en="One of two", days=term, source="Board",
        actor=StaffFactory(role="compliance"), at=AT,
    )  # fmt: skip
    other = approved(code="other", rule={"all": [USED]}, group="one-of-two")
    held = card_in_use(spent="499.00")
    ran(other, ON - 2 * ONE)
    assert Grant.objects.get().customer_id == held.customer_id
    free = card_in_use(spent="498.00")
    version = approved(
        rule={"all": [USED, SPENT]}, group="one-of-two", runs_to=(ON + 30 * ONE).isoformat()
    )
    found = {who for who, _gap, _last in near(ran(version))}
    assert found == {free.customer_id} | ({held.customer_id} if is_near else set())
    assert told() == found


SMALL: dict[str, Any] = TIER | {"code": "small"}


@pytest.mark.parametrize(("tiers", "budget", "is_near"), [
    ([TIER | {"stock": 1}], "100.00", False), ([TIER | {"stock": 2}], "100.00", True),
    ([TIER], "10.00", False), ([TIER], "19.99", False), ([TIER], "20.00", True),
    ([TIER | {"budget": "10.00"}], "100.00", False),
    ([TIER | {"budget": "20.00"}], "100.00", True),
    # Only the tier that who meets the rule has counts.
    ([TIER | {"stock": 1}, SMALL | {"value": "20.00", "needs": SPENT | {"at_least": "900.00"}}],
     "100.00", False),
])  # fmt: skip
def test_nobody_is_near_to_what_is_used_up(
    tiers: list[dict[str, Any]], budget: str, is_near: bool
) -> None:
    rewards = {"tiers": tiers}
    version = approved(rule={"all": [USED, SPENT]}, rewards=rewards, budget={"total": budget})
    card_in_use(spent="600.00")
    close = card_in_use(spent="499.00")
    ran(version)
    assert Grant.objects.count() == 1
    assert told() == ({close.customer_id} if is_near else set())
