"""Every field and choice of the pages of the touch plan is typed here, saved, approved, and seen at
work on people. A field that is added stands in no table, and fails."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.design import forms
from campaigns.models import CampaignVersion, Draft
from campaigns.planning.enums import OF_EVENTS, Anchor, Audience, EntryBy, Inside, Reentry, Then
from campaigns.touches import queries as touches
from journeys.contact.enums import Channel
from journeys.models import Card
from tests.campaigns.design import test_touch_steps as of_steps
from tests.campaigns.design import touching
from tests.campaigns.design.building import post
from tests.campaigns.design.touching import (
    DAYS,
    World,
    at_work,
    condition,
    holder,
    in_use,
    ran,
    typed,
    typed_step,
)
from tests.factories.journeys import DAY, CardFactory
from tests.factories.portal import StaffFactory
from tests.factories.touches import stay_of, step, sweep, touched

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]


# --- who enters ---------------------------------------------------------------------------------
@pytest.mark.parametrize("anchor", [one.value for one in OF_EVENTS])
def test_each_event_lets_in_whom_it_came_for(anchor: str, world: World) -> None:
    client, found = world
    typed(client, found, anchor=anchor, within_days="10")
    version = at_work(client, found)
    card, other = in_use(), holder(issued_date=DAY - 30 * DAYS, application__decided_date=None,
                                   application__state="filed",
                                   application__filed_date=DAY - 40 * DAYS)  # fmt: skip
    ran(version)
    sweep(DAY)
    assert stay_of(card.customer_id)[0] == 1
    assert stay_of(other.customer_id)[0] == 0


@pytest.mark.parametrize(("within", "rotation"), [("0", 0), ("1", 1), ("", 1)])
def test_an_event_is_no_older_than_was_typed(within: str, rotation: int, world: World) -> None:
    client, found = world
    typed(client, found, within_days=within)
    at_work(client, found)
    card = holder()
    sweep(DAY + DAYS)
    assert stay_of(card.customer_id)[0] == rotation


@pytest.mark.parametrize("of", Audience.values)
def test_each_audience_enters(of: str, world: World) -> None:
    client, found = world
    typed(client, found, by="audience", of=of)
    version = at_work(client, found)
    qualified, other = in_use(), holder()
    ran(version)
    sweep(DAY)
    assert stay_of(qualified.customer_id)[0] == 1
    assert stay_of(other.customer_id)[0] == (1 if of == Audience.RULE else 0)


@pytest.mark.parametrize(("every", "rotations"), [("", [0, 1, 1, 1]), ("2", [0, 1, 1, 2])])
def test_people_enter_on_the_days_of_a_schedule(
    every: str, rotations: list[int], world: World
) -> None:
    client, found = world
    first = (DAY + DAYS).isoformat()
    typed(client, found, by="schedule", first_date=first, every_days=every, mode="after_exit")
    at_work(client, found)
    card, seen = holder(), []
    for number in range(4):
        sweep(DAY + number * DAYS)
        seen.append(stay_of(card.customer_id)[0])
    assert seen == rotations


def test_what_is_asked_at_the_entry_keeps_others_out(world: World) -> None:
    client, found = world
    typed(client, found)
    condition(client, found, "touches.entry.needs", "activated")
    at_work(client, found)
    card, other = in_use(), holder()
    sweep(DAY)
    assert (stay_of(card.customer_id)[0], stay_of(other.customer_id)[0]) == (1, 0)


@pytest.mark.parametrize(("mode", "again_days", "again_times", "rotation"), [
    ("never", "", "", 1),
    ("after_exit", "", "", 7),
    ("after_exit", "", "2", 2),
    ("after_days", "5", "", 2),
    ("after_days", "2", "3", 3),
    ("times", "", "4", 4),
])  # fmt: skip
def test_who_left_enters_again_as_was_typed(
    mode: str, again_days: str, again_times: str, rotation: int, world: World
) -> None:
    client, found = world
    typed(client, found, by="audience", of="rule", mode=mode, again_days=again_days,
          again_times=again_times)  # fmt: skip
    at_work(client, found)
    card = CardFactory()  # without consent: each stay ends at once
    for number in range(7):
        sweep(DAY + number * DAYS)
    assert stay_of(card.customer_id) == (rotation, "left", "finished")


def test_after_the_longest_stay_everybody_leaves(world: World) -> None:
    client, found = world
    typed_step(client, found, anchor="first_use")
    typed(client, found, longest_days="10")
    at_work(client, found)
    card = holder()
    sweep(DAY)
    assert stay_of(card.customer_id) == (1, "inside", "")
    sweep(DAY + 10 * DAYS)
    assert stay_of(card.customer_id) == (1, "left", "too_long")


@pytest.mark.parametrize(
    ("where", "reason"), [("touches.goal", "goal"), ("touches.exits.0", "exit")]
)
def test_the_goal_and_a_way_out_end_the_stay(where: str, reason: str, world: World) -> None:
    client, found = world
    typed_step(client, found, offset_days="5")
    typed(client, found)
    if reason == "exit":
        response = typed(client, found, do="add_exit")
        assert response.url == f"{reverse('design_audience', args=[found.pk])}?where={where}"
    condition(client, found, where, "activated")
    at_work(client, found)
    card = holder()
    sweep(DAY)
    Card.objects.filter(pk=card.pk).update(activated_date=DAY + DAYS)
    sweep(DAY + DAYS)
    assert stay_of(card.customer_id) == (1, "left", reason)


@pytest.mark.parametrize(("inside", "fates"), [("move", (0, 1)), ("stay", (1, 0))])
def test_an_edit_says_who_stays_and_who_moves(
    inside: str, fates: tuple[int, int], client_of: Clients
) -> None:
    person = StaffFactory(role="campaign_manager")
    client = client_of(person)
    touched(step("one"), step("later", offset_days=9), owner=person)
    card = holder()
    sweep(DAY)
    assert stay_of(card.customer_id)[1] == "inside"
    client.post(reverse("design_edit", args=["first-gift"]))
    found = Draft.objects.get()
    page = client.get(reverse("design_touches", args=[found.pk]))
    assert page.context["inside"] == 1
    typed(client, found, inside=inside, longest_days="300")
    post(client, "design_save", found)
    version = CampaignVersion.objects.get(number=2)
    counted = touches.fates_of(touches.coming_of(version), on=DAY)
    assert counted is not None
    assert (counted.inside, counted.stay, counted.move, counted.leave) == (1, *fates, 0)


# --- nothing is offered that is not executed ----------------------------------------------------
FIELDS: dict[str, dict[str, Callable[..., None]]] = {
    "touches": {
        "by": test_each_audience_enters, "anchor": test_each_event_lets_in_whom_it_came_for,
        "within_days": test_an_event_is_no_older_than_was_typed, "of": test_each_audience_enters,
        "first_date": test_people_enter_on_the_days_of_a_schedule,
        "every_days": test_people_enter_on_the_days_of_a_schedule,
        "mode": test_who_left_enters_again_as_was_typed,
        "again_days": test_who_left_enters_again_as_was_typed,
        "again_times": test_who_left_enters_again_as_was_typed,
        "longest_days": test_after_the_longest_stay_everybody_leaves,
        "inside": test_an_edit_says_who_stays_and_who_moves,
    },
    "touch": {
        **dict.fromkeys(
            ("name", "name_en", "code", "template", "priority"),
            of_steps.test_name_code_text_and_priority_are_those_typed,
        ),
        **dict.fromkeys(("anchor", "on_date"), of_steps.test_a_step_is_counted_from_each_anchor),
        **dict.fromkeys(("offset_days", "at"), of_steps.test_days_and_time_are_those_typed),
        "valid_days": of_steps.test_a_step_is_sent_for_as_many_days_as_typed,
        "channel_1": of_steps.test_a_step_goes_by_each_channel,
        **dict.fromkeys(
            ("channel_2", "channel_3", "channel_4", "channel_5"),
            of_steps.test_the_next_channel_in_the_order_is_taken_where_the_first_are_not_possible,
        ),
        **dict.fromkeys(
            ("waits", "wait_days", "wait_then", "wait_otherwise"),
            of_steps.test_a_wait_ends_as_was_typed,
        ),
    },
    "variant": dict.fromkeys(
        ("name", "name_en", "template", "share", "code"),
        of_steps.test_variants_are_typed_and_each_is_told_to_its_share,
    ),
}  # fmt: skip


def test_every_field_of_the_touch_plan_stands_here() -> None:
    shown = {
        "touches": forms.TouchesForm.base_fields, "touch": forms.TouchForm.base_fields,
        "variant": forms.VariantForm.base_fields,
    }  # fmt: skip
    assert {name: set(found) for name, found in shown.items()} == {
        name: set(found) for name, found in FIELDS.items()
    }
    assert set(touching.FRAME) == set(FIELDS["touches"])
    assert set(touching.STEP) == set(FIELDS["touch"])


def test_every_choice_that_is_offered_is_typed_above() -> None:
    frame, one = forms.TouchesForm.base_fields, forms.TouchForm.base_fields

    def offered(field: Any) -> set[str]:
        return {value for value, _label in field.choices if value}

    assert offered(frame["by"]) == set(EntryBy.values) == {"event", "audience", "schedule"}
    assert offered(frame["anchor"]) == {one.value for one in OF_EVENTS}
    assert offered(frame["of"]) == set(Audience.values)
    assert offered(frame["mode"]) == set(Reentry.values)
    assert offered(frame["inside"]) == set(Inside.values) == {"move", "stay"}
    assert offered(one["anchor"]) == set(Anchor.values) == set(of_steps.DUE)
    assert offered(one["channel_1"]) == set(Channel.values)
    for name in ("wait_then", "wait_otherwise"):
        assert offered(one[name]) == set(Then.values) == {"send", "skip", "leave"}
    assert len([name for name in one if name.startswith("channel_")]) == len(Channel.values)
