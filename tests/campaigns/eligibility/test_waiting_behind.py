"""A dry run tells what a live run does also where messages wait already under a contact cap: the
same persons, reasons and cents (decision 0265)."""

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

import pytest

from campaigns.eligibility import queries
from campaigns.models import CampaignVersion, Decision, Grant
from journeys.models import Card, Contact, Message
from tests.campaigns.eligibility.test_kinds import CONTROL, TIERS, rows_of, run_of
from tests.factories.campaigns import AT, approved, card_in_use
from tests.factories.journeys import ContactRuleFactory
from tests.factories.outreach import MessageFactory

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
OWN, BEFORE, BEHIND = 40, 10, 80  # priorities: the campaign's, and of what stands on either side
IN_HAND = {"state": "sending", "lease_until": AT + HOUR}
SENT = {"state": "sent", "sent_at": AT}
# What stands in the ledger of somebody, under a cap of one a day, and what the gate says then.
STANDING: list[tuple[list[dict[str, Any]], str]] = [
    ([], "open"),
    ([{"priority": BEHIND}], "open"),
    ([{"priority": BEHIND, "state": "held"}], "open"),
    ([{"priority": BEHIND, "not_before": AT + 20 * HOUR}], "open"),
    ([{"priority": BEHIND}, {"priority": BEHIND, "not_before": AT + 18 * HOUR}], "open"),
    ([{"priority": OWN}], "cap_reached"),
    ([{"priority": BEFORE}], "cap_reached"),
    ([{"priority": BEFORE, "not_before": AT + 20 * HOUR}, {"priority": BEHIND}], "cap_reached"),
    ([{"priority": BEHIND} | SENT], "cap_reached"),
    ([{"priority": BEHIND} | IN_HAND], "cap_reached"),
    ([{"priority": BEHIND, "purpose": "service"}], "open"),
]
SPENT = ("500.00", "1000.00", "2000.00")


def standing_with(messages: Sequence[dict[str, Any]], spent: str) -> Card:
    """Somebody who qualifies, with these messages."""
    card = card_in_use(spent=spent)
    for one in messages:
        MessageFactory(customer=card.customer, origin="x", **{"not_before": AT} | one)
    return card


def written() -> list[Any]:
    """All that waits or went, and where it stands in the ledger."""
    messages = Message.objects.order_by("pk").values_list("pk", "state", "not_before", "failure")
    contacts = Contact.objects.order_by("pk").values_list("pk", "at", "released_at")
    return [*messages, *contacts]


def the_same_by_both(version: CampaignVersion) -> dict[int, str]:
    """What the gate says by customer, after a dry run and a live one said the same."""
    before = written()
    dry = run_of(version, "dry_run")
    assert written() == before
    assert not Grant.objects.exists()
    live = run_of(version, "live")
    assert rows_of(dry) == rows_of(live)
    assert live.figures == dry.figures | {"measured": queries.measured(dry).as_data()}
    given = Grant.objects.filter(run=live).values_list("customer_id", "amount")
    rows = Decision.objects.filter(run=dry)
    assert sorted(given) == sorted(
        rows.filter(award="granted").values_list("customer_id", "awarded")
    )
    assert Message.objects.exclude(origin="x").count() == rows.filter(gate="open").count() > 0
    return dict(rows.values_list("customer_id", "gate"))


def campaign(**changes: Any) -> CampaignVersion:
    return approved(
        **{"rule": {"kind": "activated"}, "rewards": {"tiers": TIERS}, "priority": OWN} | changes
    )


def test_what_waits_behind_holds_nobody_back_in_either() -> None:
    ContactRuleFactory(day_cap=1)
    version = campaign()
    said = {
        standing_with(messages, SPENT[place % 3]).customer_id: answer
        for place, (messages, answer) in enumerate(STANDING)
    }
    assert the_same_by_both(version) == said
    gave_way = Message.objects.filter(origin="x", failure="yielded").values_list("priority")
    assert {priority for (priority,) in gave_way} == {BEHIND}


@pytest.mark.parametrize("seed", range(3))
def test_the_two_agree_whatever_stands_in_the_ledger(seed: int) -> None:
    chosen = random.Random(seed)
    ContactRuleFactory(day_cap=chosen.choice([1, 2]), month_cap=3)
    version = campaign(control_percent=CONTROL)
    for _number in range(30):
        messages = [
            {
                "priority": chosen.choice([BEFORE, OWN, BEHIND]),
                "not_before": AT + chosen.choice([-30, -20, -2, 0, 3, 22, 30, 200]) * HOUR,
                **chosen.choice([{}, {}, {}, {"state": "held"}, SENT, IN_HAND]),
            }
            for _message in range(chosen.choice([0, 1, 2, 3]))
        ]
        standing_with(messages, chosen.choice(SPENT))
    assert {"", "open", "cap_reached"} <= {*the_same_by_both(version).values()}
