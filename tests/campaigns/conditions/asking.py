"""What the SQL of the conditions says about a world that was written."""

import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from campaigns.conditions.rules import base, kinds, statement, tree
from campaigns.conditions.rules.multiplied import MultipliedSpending
from tests.campaigns.conditions import worlds

# Any card, and none, as a condition may meet it; the statement of a run picks its own.
_SUBJECT = """
    SELECT customer.id AS customer_id, card.id AS card_id, card.issued_date, card.activated_date,
           card.first_used_date, application.filed_date
    FROM journeys_customer customer LEFT JOIN journeys_card card ON card.customer_id = customer.id
    LEFT JOIN journeys_application application ON application.id = card.application_id
"""


class Found(NamedTuple):
    """What was found about one card."""

    is_met: bool
    value: Any
    missing: Decimal | None
    deadline: dt.date | None


# The kinds of a menu, and what only a reward asks.
_KINDS = {**kinds.KINDS, MultipliedSpending.kind: MultipliedSpending}


def read(leaf: dict[str, Any]) -> base.Condition:
    return _KINDS[leaf["kind"]].read(leaf, "rule")


def found_of(leaves: Sequence[dict[str, Any]], on: dt.date) -> dict[int, list[Found]]:
    """Each condition's finding about every card, by the card's id, in one statement."""
    values, faces, parameters = [], [], {"on": on}
    for number, leaf in enumerate(leaves):
        condition, mark, name = read(leaf), f"c{number}", f"subject.value_{number}"
        values.append(f"{condition.value_sql(mark)} AS value_{number}")
        faces.append(
            f"{condition.verdict_sql(mark, name)}, to_jsonb({condition.fact_sql(name)}),"
            f" {condition.gap_sql(mark, name)}, {condition.deadline_sql(mark)}"
        )
        parameters |= condition.parameters(mark)
    sql = (
        f"WITH valued AS MATERIALIZED (SELECT subject.*, {', '.join(values)}"
        f" FROM ({_SUBJECT}) AS subject)"
        f" SELECT card_id, {', '.join(faces)} FROM valued AS subject WHERE card_id IS NOT NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    return {card: [_found(rest[at : at + 4]) for at in range(0, len(rest), 4)]
            for card, *rest in rows}  # fmt: skip


def _found(row: Sequence[Any]) -> Found:
    is_met, value, missing, deadline = row
    return Found(is_met, None if value is None else json.loads(value), missing, deadline)


def decisions(rule: dict[str, Any], world: worlds.World) -> dict[int, dict[str, Any]]:
    """The decisions of a rule about the customers of a world."""
    asked = statement.decisions_of(tree.read_rule(rule))
    with connection.cursor() as cursor:
        cursor.execute(asked.sql, asked.parameters | {"first": 0, "end": 10**12} | frame(world))
        keys = ("card", "outcome", "failed_at")
        return {
            customer: dict(zip(keys, rest, strict=True)) | {"facts": json.loads(facts)}
            for customer, *rest, facts in cursor.fetchall()
        }


def frame(world: worlds.World) -> dict[str, Any]:
    """The cards of the campaign that is asked about."""
    day = dt.timedelta(days=1)
    return {
        "products": ["P0", "P1"], "on": world["on"],
        "issued_from": world["start"] - day, "issued_to": world["start"] + 6 * day,
    }  # fmt: skip
