"""Whom a campaign leaves out for comparison: drawn by the person, the same each time.

A place for each person, by a hash of the campaign's code and the lasting hash of the ID number, or
the customer's id where there is none (`journeys.customers.rules.place_sql`): all numbers of a
person are on one side, without looking the others up. Whoever is in stays in where the share grows,
in each version and run. Campaigns are drawn apart, and apart from the bank's own control group.

Campaigns that were approved before that keep their draw by the customer's id (`rules.is_control`).
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from campaigns.eligibility import rules
from campaigns.eligibility.models import Decision
from campaigns.planning import queries as planning
from campaigns.planning.enums import ControlBy
from campaigns.planning.models import Campaign
from campaigns.rewards.enums import AwardAnswer
from journeys.customers.rules import PLACES, place_sql

IS_HELD_OUT = f"{place_sql('%(control_salt)s::bytea', 'customer')} < %(control_share)s"
_HELD_OUT = f"""
SELECT customer.id FROM journeys_customer customer
WHERE customer.id = ANY(%(customers)s::bigint[]) AND {IS_HELD_OUT}
"""


def is_by_person(campaign: Campaign) -> bool:
    """This will tell whether SQL draws (`IS_HELD_OUT`)."""
    return campaign.control_by == ControlBy.PERSON


def control_values(campaign: Campaign, percent: int) -> dict[str, Any]:
    """This will return the values that `IS_HELD_OUT` asks for, over a row `customer`."""
    return {
        "control_salt": f"control:{campaign.code}:".encode(),
        "control_share": percent * PLACES // 100,
    }


def draw_of(decision: Decision) -> str:
    """This will say to a reader how somebody came to be left out; "" about all others."""
    if decision.award != AwardAnswer.CONTROL:
        return ""
    version = decision.run.version
    percent = planning.plan_of(version).control_percent
    said = (
        _("Drawn by person, {percent}% in all: every customer number with the same ID number is on"
          " one side, in each run of the campaign.")
        if is_by_person(version.campaign)
        else _("Drawn by customer number, {percent}% in all: this campaign was approved before"
               " draws went by person.")
    )  # fmt: skip
    return said.format(percent=percent)


def held_out(campaign: Campaign, percent: int, customer_ids: Sequence[int]) -> frozenset[int]:
    """This will choose those of some customers whom a campaign leaves out for comparison, `percent`
    of all."""
    if not percent or not customer_ids:
        return frozenset()
    if not is_by_person(campaign):
        return frozenset(
            who for who in customer_ids if rules.is_control(campaign.code, who, percent)
        )
    values = control_values(campaign, percent) | {"customers": list(customer_ids)}
    with connection.cursor() as cursor:
        cursor.execute(_HELD_OUT, values)
        return frozenset(row[0] for row in cursor.fetchall())
