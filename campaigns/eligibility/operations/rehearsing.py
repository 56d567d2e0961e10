"""Later evenings of a back-test: who was given something on an earlier one is asked about again, as
the live runs of those days would have done, and has one decision all the same."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from campaigns.eligibility import rules
from campaigns.eligibility.models import RunChunk
from campaigns.rewards.enums import AwardAnswer
from campaigns.rewards.rules import Award, Candidate

# The decision becomes that of the evening which gave more, with all that was given.
_MORE = """
UPDATE campaigns_decision decision
SET facts = more.facts, reached = more.reached::smallint[], decided_date = %(on)s,
    awarded = decision.awarded + more.amount,
    given = ARRAY(SELECT DISTINCT unnest(decision.given || more.given::smallint[]) AS one
                  ORDER BY one)
FROM unnest(%(customers)s::bigint[], %(facts)s::jsonb[], %(reached)s::text[],
            %(amounts)s::numeric[], %(given)s::text[])
    AS more(customer_id, facts, reached, amount, given)
WHERE decision.run_id = %(run_id)s AND decision.customer_id = more.customer_id
"""


def write_more(
    chunk: RunChunk,
    awards: Sequence[Award],
    found: Mapping[int, tuple[Candidate, str]],
    places: Mapping[str, int],
) -> None:
    """This will write down what was given to those who had something; `found` holds what was
    decided about them on this evening, `places` the positions of the tiers by code."""
    more = [one for one in awards if one.answer == AwardAnswer.GRANTED]
    if not more:
        return
    asked = [found[one.customer_id] for one in more]
    values: dict[str, Any] = {
        "run_id": chunk.run_id,
        "on": chunk.day,
        "customers": [one.customer_id for one in more],
        "facts": [facts for _candidate, facts in asked],
        "reached": [array_of(candidate.reached) for candidate, _facts in asked],
        "amounts": [one.amount for one in more],
        "given": [given_of(one, places) for one in more],
    }
    with connection.cursor() as cursor:
        cursor.execute(_MORE, values)


def given_of(one: Award, places: Mapping[str, int]) -> str | None:
    """This will write the positions of the tiers given as an array is written; None where nothing
    was. Of a tier given for several persons there is one."""
    found = sorted({places[code] for code in one.tiers})
    return array_of(found) if found else None


def array_of(numbers: Sequence[int]) -> str:
    """This will write numbers as an array is written."""
    return f"{{{','.join(map(str, numbers))}}}"


def count_more(
    tally: rules.Tally, awards: Sequence[Award], branches: Mapping[int, str], day: str
) -> None:
    """This will add what was given to those who had something: they are no more people, but a day
    counts all to whom it gave."""
    for one in awards:
        if one.answer == AwardAnswer.GRANTED:
            tally.add("award", one.answer, 0, one.amount)
            tally.add("branch", branches[one.customer_id], 0, one.amount)
            tally.add("day", day, 1, one.amount)
            count_given(tally, one)
            count_by_day(tally, one, branches[one.customer_id], day)


def count_given(tally: rules.Tally, one: Award) -> None:
    """This will add what each party bears of what was given, and the tiers."""
    for party, part in one.parts.items():
        tally.add("party", party, 1, part)
    for code, value in zip(one.tiers, one.values, strict=True):
        tally.add("tier", code, 1, value)


def count_by_day(tally: rules.Tally, one: Award, branch: str, day: str) -> None:
    """This will add what a back-test gave on a day, by branch and tier: what liabilities are
    forecast from."""
    for code, value in zip(one.tiers, one.values, strict=True):
        tally.add("daily", rules.daily_key(day, branch, code), 1, value)
