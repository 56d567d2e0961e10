"""Every field and choice of the page of a step of a touch plan is typed here, saved, approved, and
seen at work on people; `test_touch_fields` holds the table of them all."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import translation

from campaigns.models import TouchStep
from campaigns.planning.enums import Anchor
from campaigns.planning.rules import plans
from campaigns.touches import queries as touches
from journeys.contact.enums import Channel
from journeys.models import Card, Message
from tests.campaigns.design.touching import (
    DAYS,
    World,
    answered,
    at_work,
    condition,
    holder,
    in_use,
    planned,
    ran,
    typed_step,
)
from tests.campaigns.touches.test_operations import earned
from tests.factories.journeys import DAY
from tests.factories.touches import on, stay_of, sweep

pytestmark = pytest.mark.django_db


# --- a step -------------------------------------------------------------------------------------
DUE: dict[str, dt.date | None] = {
    "application_filed": DAY - 10 * DAYS, "application_result": DAY, "issue": DAY,
    "activation": DAY, "first_use": DAY, "grant": DAY, "window_end": DAY + 65 * DAYS,
    "points_expiring": DAY + 20 * DAYS, "fixed_date": DAY + 7 * DAYS, "entry": DAY,
}  # fmt: skip


@pytest.mark.parametrize("anchor", Anchor.values)
def test_a_step_is_counted_from_each_anchor(anchor: str, world: World) -> None:
    client, found = world
    fixed = DUE["fixed_date"].isoformat() if anchor == "fixed_date" else ""  # type: ignore[union-attr]
    assert typed_step(client, found, anchor=anchor, on_date=fixed).status_code == 302
    version = at_work(client, found)
    card = in_use()
    earned(card.customer_id, 300, DAY + 20 * DAYS)
    sweep(DAY)
    ran(version)
    sweep(DAY, 11)
    found_at = planned(card)
    assert found_at is not None
    assert on(DUE[anchor], 0) <= found_at < on(DUE[anchor] + DAYS, 0)  # type: ignore[arg-type,operator]


@pytest.mark.parametrize(("offset", "at", "due"), [
    ("2", "", on(DAY + 2 * DAYS, 0)),
    ("0", "15:00", on(DAY, 15)),
    ("-7", "10:00", on(DAY + 58 * DAYS, 10)),
])  # fmt: skip
def test_days_and_time_are_those_typed(
    offset: str, at: str, due: dt.datetime, world: World
) -> None:
    client, found = world
    anchor = "window_end" if offset.startswith("-") else "issue"
    typed_step(client, found, anchor=anchor, offset_days=offset, at=at)
    at_work(client, found)
    card = holder()
    sweep(DAY)
    assert planned(card) == due


@pytest.mark.parametrize(("valid", "answer"), [
    ("1", ("skipped", "too_late")), ("4", ("sent", "sent")), ("0", ("skipped", "too_late")),
])  # fmt: skip
def test_a_step_is_sent_for_as_many_days_as_typed(
    valid: str, answer: tuple[str, str], world: World
) -> None:
    client, found = world
    typed_step(client, found, offset_days="2", valid_days=valid)
    at_work(client, found)
    card = holder()
    sweep(DAY)
    sweep(DAY + 5 * DAYS)
    assert answered(card) == answer


def test_name_code_text_and_priority_are_those_typed(world: World) -> None:
    client, found = world
    typed_step(client, found, name="欢迎", name_en="Welcome", code="hello", priority="7",
               template="other")  # fmt: skip
    version = at_work(client, found)
    card = holder()
    sweep(DAY)
    message = Message.objects.get(customer=card.customer_id)
    assert (message.template.code, message.priority) == ("other", 7)
    assert answered(card, "hello") == ("sent", "sent")
    for language, name in (("zh-hans", "欢迎"), ("en", "Welcome")):
        with translation.override(language):
            assert [one.name for one in touches.step_figures(version)] == [name]


@pytest.mark.parametrize("channel", Channel.values)
def test_a_step_goes_by_each_channel(channel: str, world: World) -> None:
    client, found = world
    typed_step(client, found, channel_1=channel)
    at_work(client, found)
    card = holder(channel)
    sweep(DAY)
    row = TouchStep.objects.get(customer=card.customer_id)
    assert (row.state, row.channel) == ("sent", channel)


@pytest.mark.parametrize("place", [2, 3, 4, 5])
def test_the_next_channel_in_the_order_is_taken_where_the_first_are_not_possible(
    place: int, world: World
) -> None:
    client, found = world
    order = ["push", "phone", "on_site", "email", "sms"][-place:]
    typed_step(client, found, **{f"channel_{n}": one for n, one in enumerate(order, start=1)})
    assert found.content["touches"]["steps"][0]["channels"] == order
    at_work(client, found)
    card = holder("sms")  # consents to the last of them alone
    sweep(DAY)
    assert TouchStep.objects.get(customer=card.customer_id).channel == "sms"


def test_a_step_goes_only_to_those_who_meet_its_conditions(world: World) -> None:
    client, found = world
    condition(client, found, "touches.steps.0.needs", "activated")
    at_work(client, found)
    card, other = in_use(), holder()
    sweep(DAY)
    assert (answered(card), answered(other)) == (("sent", "sent"), ("skipped", "needs"))


@pytest.mark.parametrize(("comes", "then", "otherwise", "ends"), [
    (True, "send", "skip", ("sent", "sent")),
    (True, "skip", "send", ("skipped", "wait_met")),
    (True, "leave", "send", ("skipped", "wait_met")),
    (False, "send", "skip", ("skipped", "wait_over")),
    (False, "skip", "send", ("sent", "sent")),
    (False, "send", "leave", ("skipped", "wait_over")),
])  # fmt: skip
def test_a_wait_ends_as_was_typed(
    comes: bool, then: str, otherwise: str, ends: tuple[str, str], world: World
) -> None:
    client, found = world
    typed_step(client, found, waits="yes", wait_days="4", wait_then=then,
               wait_otherwise=otherwise)  # fmt: skip
    condition(client, found, "touches.steps.0.wait.until", "activated")
    at_work(client, found)
    card = holder()
    sweep(DAY)
    assert answered(card) == ("waiting", "awaits")
    if comes:
        Card.objects.filter(pk=card.pk).update(activated_date=DAY + 2 * DAYS)
    sweep(DAY + 2 * DAYS)
    if not comes:
        assert answered(card) == ("waiting", "awaits")
        sweep(DAY + 4 * DAYS)
    assert answered(card) == ends
    leaves = (then if comes else otherwise) == "leave"
    assert stay_of(card.customer_id)[2] == ("wait" if leaves else "finished")


# --- variants -----------------------------------------------------------------------------------
def test_variants_are_typed_and_each_is_told_to_its_share(world: World) -> None:
    client, found = world
    assert typed_step(client, found, do="vary").url == reverse("design_touch", args=[found.pk, 0])
    sent = {
        "variant0-code": "a", "variant0-name": "常规", "variant0-name_en": "Usual",
        "variant0-share": "70", "variant0-template": "nudge",
        "variant1-code": "plain", "variant1-name": "简明", "variant1-name_en": "Plain",
        "variant1-share": "30", "variant1-template": "other",
    }  # fmt: skip
    assert typed_step(client, found, **sent).status_code == 302
    version = at_work(client, found)
    plan = plans.plan_of(version.content).touches
    assert plan is not None
    cards = [holder() for _number in range(12)]
    sweep(DAY)
    people = [card.customer_id for card in cards]
    drawn = touches.drawn("built", plan.steps[0], people)
    texts = {"a": "nudge", "plain": "other"}
    rows = Message.objects.values_list("customer", "template__code")
    assert dict(rows) == {key: texts[code] for key, code in drawn.items()}
    figures = touches.step_figures(version)[0].variants
    assert [(one.share, one.template) for one in figures] == [(70, "nudge"), (30, "other")]
    for language, names in (("zh-hans", ["常规", "简明"]), ("en", ["Usual", "Plain"])):
        with translation.override(language):
            assert [one.name for one in touches.step_figures(version)[0].variants] == names
