"""Touch plans at work: who enters, what is sent and why not, who leaves."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from campaigns.eligibility import operations as eligibility
from campaigns.models import Enrolment, TouchIntake, TouchStep
from journeys.models import Card, Contact, Message, PointsEntry
from tests.factories.campaigns import AT
from tests.factories.control import id_numbers
from tests.factories.journeys import (
    DAY,
    ApplicationFactory,
    CardFactory,
    ConsentFactory,
    ProductFactory,
    TransactionFactory,
)
from tests.factories.touches import (
    SPENT,
    on,
    plan_of,
    stay_of,
    step,
    steps_of,
    sweep,
    touched,
)

pytestmark = pytest.mark.django_db
DAYS = dt.timedelta(days=1)


def holder(**fields: Any) -> Card:
    """A card of the campaign, not activated, whose customer consents to SMS."""
    card = CardFactory(**fields)
    ConsentFactory(customer=card.customer, effective_at=AT - dt.timedelta(days=400))
    return card


def keys() -> list[str]:
    return list(Message.objects.order_by("id").values_list("dedup_key", flat=True))


# --- the life of a stay -------------------------------------------------------------------------
def test_who_is_issued_a_card_enters_and_is_sent_the_steps_in_their_time() -> None:
    version = touched(step("welcome"), step("later", offset_days=3, at="10:00"))
    card = holder()
    sweep(DAY)
    assert stay_of(card.customer_id) == (1, "inside", "")
    assert steps_of(card.customer_id) == {"welcome": ("sent", "sent"), "later": ("waiting", "")}
    sweep(DAY + 3 * DAYS, 9)
    assert steps_of(card.customer_id)["later"] == ("waiting", "")
    sweep(DAY + 3 * DAYS, 10)
    assert steps_of(card.customer_id)["later"] == ("sent", "sent")
    assert stay_of(card.customer_id) == (1, "left", "finished")
    one = version.campaign_id
    assert keys() == [f"touch:{one}:welcome:1", f"touch:{one}:later:1"]
    assert Message.objects.values_list("origin", flat=True).distinct().get() == (
        "campaign:first-gift:v1"
    )


def test_a_step_whose_needs_do_not_hold_is_skipped_with_what_was_found() -> None:
    touched(step(needs={"not": {"kind": "activated"}}))
    awake, asleep = holder(activated_date=DAY), holder()
    sweep(DAY)
    assert steps_of(awake.customer_id) == {"one": ("skipped", "needs")}
    assert steps_of(asleep.customer_id) == {"one": ("sent", "sent")}
    row = TouchStep.objects.get(customer=awake.customer_id)
    assert row.reasons == {"needs": [[True, DAY.isoformat()]]}


def test_the_goal_ends_the_stay_before_the_next_step() -> None:
    touched(plan=plan_of(step("a"), step("b", offset_days=5), goal={"kind": "activated"}))
    card = holder()
    sweep(DAY)
    Card.objects.filter(pk=card.pk).update(activated_date=DAY + DAYS)
    sweep(DAY + DAYS)
    assert stay_of(card.customer_id) == (1, "left", "goal")
    assert steps_of(card.customer_id) == {"a": ("sent", "sent"), "b": ("left", "goal")}


def test_a_goal_that_no_mark_tells_of_is_found_when_the_next_step_is_due() -> None:
    exits = [{"kind": "age", "at_most": 1}, SPENT]
    touched(plan=plan_of(step("a"), step("b", offset_days=5), exits=exits))
    card = holder()
    sweep(DAY)
    TransactionFactory(card=card, amount=Decimal("600.00"), posted_date=DAY + DAYS)
    sweep(DAY + 5 * DAYS)
    assert steps_of(card.customer_id)["b"] == ("left", "exit")
    assert Enrolment.objects.get().left_detail == 1


def test_a_step_too_late_is_skipped_and_says_so() -> None:
    touched(step(valid_days=2))
    card = holder()
    sweep(DAY + 2 * DAYS, 23)
    # Its hour would come when its days are over.
    assert steps_of(card.customer_id) == {"one": ("skipped", "too_late")}
    assert Contact.objects.get().released_at is not None
    assert Message.objects.get().state == "cancelled"
    late = holder(issued_date=DAY - DAYS)
    sweep(DAY + 2 * DAYS, 10)
    assert steps_of(late.customer_id) == {"one": ("skipped", "too_late")}


def test_the_cap_moves_a_step_to_the_next_free_instant() -> None:
    touched(*(step(f"s{number}") for number in range(4)))
    card = holder()
    sweep(DAY)
    found = steps_of(card.customer_id)
    assert [found[f"s{number}"][0] for number in range(4)] == ["sent", "sent", "waiting", "waiting"]
    row = TouchStep.objects.get(code="s2")
    assert (row.answer, row.due_at, row.next_free) == (
        "cap_reached", on(DAY + DAYS), on(DAY + DAYS)
    )  # fmt: skip
    sweep(DAY + DAYS)
    assert steps_of(card.customer_id)["s2"] == ("sent", "sent")


def test_who_has_not_consented_is_told_nothing_and_the_receipt_says_why() -> None:
    touched()
    card = CardFactory()
    sweep(DAY)
    assert steps_of(card.customer_id) == {"one": ("skipped", "no_consent")}
    assert keys() == []


def test_the_control_group_stands_aside() -> None:
    touched(control_percent=50)
    cards = [holder(customer__id_number=one) for one in id_numbers(12)]
    sweep(DAY)
    found = [steps_of(card.customer_id)["one"][1] for card in cards]
    assert set(found) == {"sent", "control"}
    assert len(keys()) == found.count("sent")


def test_a_stopped_campaign_sends_nothing_and_goes_on_when_the_stop_is_lifted() -> None:
    version = touched(step("a"), step("b", offset_days=1))
    card = holder()
    sweep(DAY)
    version.campaign.stopped_at = AT
    version.campaign.save()
    other = holder()
    sweep(DAY + DAYS)
    assert steps_of(card.customer_id)["b"] == ("waiting", "")
    assert stay_of(other.customer_id) == (0, "", "")
    version.campaign.stopped_at = None
    version.campaign.save()
    sweep(DAY + DAYS, 11)
    assert steps_of(card.customer_id)["b"] == ("sent", "sent")
    assert steps_of(other.customer_id)["a"] == ("sent", "sent")


def test_a_withdrawn_text_is_not_sent() -> None:
    touched()
    from journeys.models import MessageTemplate, TextWithdrawal
    from tests.factories.portal import StaffFactory

    TextWithdrawal.objects.create(
        template=MessageTemplate.objects.get(code="nudge", channel="sms"), reason="x",
        withdrawn_by=StaffFactory(), withdrawn_at=AT,
    )  # fmt: skip
    card = holder()
    sweep(DAY)
    assert steps_of(card.customer_id) == {"one": ("skipped", "no_text")}


def test_after_the_longest_time_everybody_leaves() -> None:
    touched(plan=plan_of(step("a"), step("used", anchor="first_use"), longest_days=10))
    card = holder()
    sweep(DAY)
    sweep(DAY + 10 * DAYS, 9)
    assert stay_of(card.customer_id)[1] == "inside"
    sweep(DAY + 10 * DAYS, 10)
    assert stay_of(card.customer_id) == (1, "left", "too_long")
    assert steps_of(card.customer_id)["used"] == ("left", "too_long")


# --- anchors ------------------------------------------------------------------------------------
def test_an_anchor_that_comes_later_and_one_that_moves_are_followed() -> None:
    touched(step("a"), step("used", anchor="first_use", offset_days=2))
    card = holder()
    sweep(DAY)
    assert TouchStep.objects.get(code="used").planned_at is None
    Card.objects.filter(pk=card.pk).update(activated_date=DAY, first_used_date=DAY + 4 * DAYS)
    sweep(DAY + 4 * DAYS)
    assert TouchStep.objects.get(code="used").due_at == on(DAY + 6 * DAYS, 0)
    Card.objects.filter(pk=card.pk).update(first_used_date=DAY + 2 * DAYS)
    sweep(DAY + 4 * DAYS, 11)
    assert steps_of(card.customer_id)["used"] == ("sent", "sent")


def test_the_result_of_an_application_is_an_anchor_before_there_is_a_card() -> None:
    plan = plan_of(step("welcome", anchor="application_result"), step("issued", offset_days=1))
    plan["entry"] = {"by": "event", "anchor": "application_result"}
    touched(plan=plan)
    filed = ApplicationFactory(
        state="filed", filed_date=DAY, decided_date=None, product=ProductFactory()
    )
    ConsentFactory(customer=filed.customer, effective_at=AT - dt.timedelta(days=400))
    sweep(DAY)
    assert stay_of(filed.customer_id) == (0, "", "")
    filed.state, filed.decided_date = "approved", DAY + DAYS
    filed.save()
    sweep(DAY + DAYS)
    assert steps_of(filed.customer_id)["welcome"] == ("sent", "sent")
    CardFactory(customer=filed.customer, application=filed, issued_date=DAY + 2 * DAYS,
                product=filed.product)  # fmt: skip
    sweep(DAY + 3 * DAYS)
    assert steps_of(filed.customer_id)["issued"] == ("sent", "sent")


def test_a_refused_application_lets_nobody_in() -> None:
    plan = plan_of(step(anchor="application_result"))
    plan["entry"] = {"by": "event", "anchor": "application_result"}
    touched(plan=plan)
    filed = ApplicationFactory(state="refused", filed_date=DAY, decided_date=DAY,
                               product=ProductFactory())  # fmt: skip
    sweep(DAY)
    assert stay_of(filed.customer_id) == (0, "", "")


def test_so_much_to_go_and_so_many_days_left() -> None:
    body = "{card_tail} {to_go} {days_left} {deadline}"
    touched(
        step("count", offset_days=30, template="count", needs={"not": SPENT}),
        bodies={"count": body},
    )
    near, done = holder(), holder()
    TransactionFactory(card=near, amount=Decimal("120.50"), posted_date=DAY + DAYS)
    TransactionFactory(card=done, amount=Decimal("500.00"), posted_date=DAY + DAYS)
    sweep(DAY)
    sweep(DAY + 30 * DAYS)
    assert Message.objects.get().context | {"campaign": 0, "campaign_en": 0, "name": 0} == {
        "campaign": 0, "campaign_en": 0, "name": 0, "card_tail": "0001", "to_go": "¥379.50",
        "days_left": "35", "deadline": "2026-05-06",
    }  # fmt: skip
    assert steps_of(done.customer_id)["count"] == ("skipped", "needs")


def test_a_text_that_counts_down_is_not_sent_where_nothing_is_missing() -> None:
    touched(step("count", template="count"), bodies={"count": "{to_go}"})
    card = holder()
    TransactionFactory(card=card, amount=Decimal("500.00"), posted_date=DAY)
    sweep(DAY)
    assert steps_of(card.customer_id) == {"count": ("skipped", "no_value")}


def earned(customer_id: int, points: int, expires: dt.date) -> None:
    PointsEntry.objects.create(
        reference=f"p{points}", customer_id=customer_id, kind="earned", points=points,
        on_date=DAY - DAYS, expires_date=expires,
    )  # fmt: skip


def test_points_about_to_expire_are_told_by_what_is_left_of_them() -> None:
    touched(
        step("points", anchor="points_expiring", offset_days=-7, template="points"),
        bodies={"points": "{points} {expires}"},
    )
    card = holder()
    earned(card.customer_id, 300, DAY + 20 * DAYS)
    earned(card.customer_id, 200, DAY + 30 * DAYS)
    sweep(DAY)
    assert TouchStep.objects.get().due_at == on(DAY + 13 * DAYS, 0)
    # The first batch is used up on the very morning, without a mark: the next one counts.
    PointsEntry.objects.create(
        reference="r", customer_id=card.customer_id, kind="redeemed", points=-350,
        on_date=DAY + 13 * DAYS,
    )  # fmt: skip
    sweep(DAY + 13 * DAYS)
    assert steps_of(card.customer_id) == {"points": ("waiting", "")}
    assert TouchStep.objects.get().due_at == on(DAY + 23 * DAYS, 0)
    sweep(DAY + 23 * DAYS)
    context = Message.objects.get().context
    assert (context["points"], context["expires"]) == ("150", "2026-04-01")


def test_a_grant_is_told_by_the_step_that_is_counted_from_it() -> None:
    version = touched(
        step("granted", anchor="grant", template="given"), bodies={"given": "{reward} {amount}"}
    )
    card = holder(activated_date=DAY, first_used_date=DAY)
    TransactionFactory(card=card, amount=Decimal("600.00"), posted_date=DAY)
    sweep(DAY)
    assert TouchStep.objects.get().planned_at is None
    run = eligibility.start_run(
        version_id=version.pk, kind="live", on=DAY, started_by=None, at=on(DAY)
    )
    eligibility.work_run(run_id=run.pk, now=lambda: on(DAY))
    assert keys() == []
    sweep(DAY, 11)
    context = Message.objects.get().context
    assert (context["reward"], context["amount"]) == ("首刷礼", "¥10")


# --- waits --------------------------------------------------------------------------------------
def waiting(then: str = "send", otherwise: str = "skip") -> dict[str, Any]:
    return {"until": {"kind": "activated"}, "days": 5, "then": then, "otherwise": otherwise}


@pytest.mark.parametrize(("comes", "then", "otherwise", "ends"), [
    (True, "send", "skip", ("sent", "sent")),
    (True, "skip", "send", ("skipped", "wait_met")),
    (True, "leave", "send", ("skipped", "wait_met")),
    (False, "send", "skip", ("skipped", "wait_over")),
    (False, "skip", "send", ("sent", "sent")),
    (False, "send", "leave", ("skipped", "wait_over")),
])  # fmt: skip
def test_a_wait_ends_by_what_comes_or_by_its_days(
    comes: bool, then: str, otherwise: str, ends: tuple[str, str]
) -> None:
    touched(step("a", wait=waiting(then, otherwise)), step("b", offset_days=20))
    card = holder()
    sweep(DAY)
    assert steps_of(card.customer_id)["a"] == ("waiting", "awaits")
    if comes:
        Card.objects.filter(pk=card.pk).update(activated_date=DAY + 2 * DAYS)
    sweep(DAY + 2 * DAYS)
    if not comes:
        assert steps_of(card.customer_id)["a"] == ("waiting", "awaits")
        sweep(DAY + 5 * DAYS)
    assert steps_of(card.customer_id)["a"] == ends
    leaves = (then if comes else otherwise) == "leave"
    assert stay_of(card.customer_id)[2] == ("wait" if leaves else "")
    assert steps_of(card.customer_id)["b"] == (("left", "wait") if leaves else ("waiting", ""))


# --- entry and re-entry -------------------------------------------------------------------------
def test_the_same_event_lets_nobody_in_twice() -> None:
    touched(plan=plan_of(reentry={"mode": "after_exit"}))
    card = holder()
    sweep(DAY)
    Card.objects.filter(pk=card.pk).update(activated_date=DAY)
    sweep(DAY, 11)
    assert stay_of(card.customer_id) == (1, "left", "finished")


def test_by_schedule_whoever_meets_the_condition_enters_on_each_of_its_days() -> None:
    plan = plan_of(step(anchor="entry"), reentry={"mode": "times", "times": 2})
    plan["entry"] = {"by": "schedule", "first_date": DAY, "every_days": 7,
                     "needs": {"kind": "activated"}}  # fmt: skip
    touched(plan=plan)
    card, other = holder(activated_date=DAY), holder()
    rotations = []
    for number in range(0, 28, 1):
        sweep(DAY + number * DAYS)
        rotations.append(stay_of(card.customer_id)[0])
    assert rotations == [1] * 7 + [2] * 21
    assert stay_of(other.customer_id)[0] == 0
    found = [(row.audience, row.entered, row.refused) for row in TouchIntake.objects.order_by("id")]
    assert found == [
        (2, 1, {"not_needed": 1}), (2, 1, {"not_needed": 1}),
        (2, 0, {"not_needed": 1, "had_before": 1}), (2, 0, {"not_needed": 1, "had_before": 1}),
    ]  # fmt: skip


@pytest.mark.parametrize(("reentry", "rotation"), [
    ({"mode": "never"}, 1),
    ({"mode": "after_exit"}, 11),
    ({"mode": "after_days", "days": 5}, 3),
    ({"mode": "times", "times": 4}, 4),
    ({"mode": "after_days", "days": 2, "times": 3}, 3),
])  # fmt: skip
def test_who_left_enters_again_by_the_rule(reentry: dict[str, Any], rotation: int) -> None:
    plan = plan_of(step(anchor="entry", template="nudge"), reentry=reentry)
    plan["entry"] = {"by": "audience", "of": "rule"}
    touched(plan=plan)
    card = CardFactory()  # without consent: each stay ends at once
    for number in range(11):
        sweep(DAY + number * DAYS)
    assert stay_of(card.customer_id) == (rotation, "left", "finished")
