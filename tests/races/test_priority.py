"""How many workers claim, and how much at once, changes nothing about who gets the places."""

import random
from typing import Any

import pytest
from django.db import connection

from journeys.contact.models import Contact
from journeys.outreach.models import Message
from journeys.outreach.operations import claiming
from tests.factories.journeys import INSTANT, ConsentFactory, ContactRuleFactory, CustomerFactory
from tests.factories.outreach import MessageFactory
from tests.factories.portal import BranchFactory
from tests.journeys.outreach.test_priority import DAY, HOUR, MIDNIGHT
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)

# At these instants everything that is due is claimed.
TICKS = [INSTANT, INSTANT + 6 * HOUR, INSTANT + DAY, INSTANT + 2 * DAY, INSTANT + 31 * DAY]


def competing_messages(people: int) -> None:
    """Late ones of all priorities, by both channels; of some people one consent is missing."""
    ContactRuleFactory(opens=MIDNIGHT, closes=MIDNIGHT, day_cap=2, month_cap=3)
    dice, branch = random.Random(7), BranchFactory()
    for number in range(people):
        customer = CustomerFactory(branch=branch)
        for channel in ("sms", "email") if number % 5 else ("sms",):
            ConsentFactory(customer=customer, channel=channel, effective_at=INSTANT - 90 * DAY)
        for place in range(dice.randint(1, 6)):
            MessageFactory(
                customer=customer, dedup_key=f"{number}:{place}",
                priority=dice.choice([10, 50, 50, 80]), channel=dice.choice(["sms", "email"]),
                not_before=INSTANT + dice.choice([-50, -26, -20, 0, 3, 12, 30]) * HOUR,
            )  # fmt: skip


def kept() -> tuple[list[Any], list[Any]]:
    messages = Message.objects.order_by("pk").values_list("pk", "not_before")
    return list(messages), list(Contact.objects.order_by("pk").values_list("pk", "at"))


def put_back(messages: list[Any], contacts: list[Any]) -> None:
    """As it was before the first claim."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journeys_contact DISABLE TRIGGER USER")
        cursor.executemany(
            "UPDATE journeys_message SET state = 'queued', lease_until = NULL, attempts = 0,"
            " failure_kind = '', failure = '', not_before = %s WHERE id = %s",
            [(at, key) for key, at in messages],
        )
        cursor.executemany(
            "UPDATE journeys_contact SET released_at = NULL, at = %s WHERE id = %s",
            [(at, key) for key, at in contacts],
        )
        cursor.execute("ALTER TABLE journeys_contact ENABLE TRIGGER USER")


def drain(workers: int, size: int, channels: tuple[str, ...]) -> dict[str, Any]:
    def claim_all(at: Any) -> None:
        is_more, tries = True, 0
        while is_more or tries < 3:
            # Somebody may be in another worker's hands at this instant.
            tries = 0 if is_more else tries + 1
            _claims, is_more = claiming.claim_batch(sizes=dict.fromkeys(channels, size), at=at)

    for at in TICKS:
        in_threads(workers, lambda _place, at=at: claim_all(at))
        claim_all(at)
    places = dict(Contact.objects.values_list("dedup_key", "at"))
    rows = Message.objects.values_list("dedup_key", "state", "not_before")
    return {key: (state, places[key], not_before) for key, state, not_before in rows}


@pytest.mark.parametrize("people", [40, pytest.param(400, marks=pytest.mark.chaos)])
def test_the_outcome_does_not_depend_on_the_workers(people: int) -> None:
    competing_messages(people)
    before = kept()
    alone = drain(1, 500, ("sms", "email"))
    states = [state for state, *_rest in alone.values()]
    assert {"sending", "queued", "cancelled"} == set(states)
    for workers, size, channels in [
        (1, 1, ("email", "sms")), (2, 7, ("sms", "email")), (4, 3, ("email", "sms")),
    ]:  # fmt: skip
        put_back(*before)
        assert drain(workers, size, channels) == alone, (workers, size)
