"""Calls that messages asked for, whose sending is paused or stopped: either binds the telephone
too, whoever has the lead."""

from collections.abc import Mapping

from journeys.outreach import queries as outreach
from journeys.outreach.models import Message
from journeys.telemarketing.queries.leads import message_id_of


def stopped_among(numbers: Mapping[int, str]) -> set[int]:
    """This will tell which leads, of these numbers by their ids, may not be called because what
    asked for the call is paused or stopped now."""
    asked = {pk: of for pk, number in numbers.items() if (of := message_id_of(number)) is not None}
    if not asked:
        return set()
    rows = Message.objects.filter(pk__in=asked.values()).values_list("pk", "origin")
    origins = dict(rows)
    halted = outreach.halted_among(set(origins.values()))
    return {pk for pk, message_id in asked.items() if origins.get(message_id) in halted}
