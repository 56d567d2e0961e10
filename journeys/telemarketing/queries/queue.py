"""How the pools of branches stand: what waits and for how long, and what of it may be called now.

What is read, at 1,000,000 leads: of what waits the entries of `lead_next` of the scope's branches,
alone, without the leads (so it is asked for once a minute, not every few seconds); then the first
`HEAD` leads of that index, in the order in which callers get them, with what stands against each;
and what went back today by `lead_move_back`.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count
from django.utils.translation import gettext as _

from journeys.contact.enums import GateAnswer
from journeys.telemarketing.enums import MovePath
from journeys.telemarketing.models import Lead, LeadMove
from journeys.telemarketing.models.pools import BACK
from journeys.telemarketing.queries.choosing import gate_answers, words_of
from journeys.telemarketing.queries.leads import left_in_peace, list_leads
from journeys.telemarketing.queries.pools import policies_in_force
from journeys.telemarketing.queries.walking import Pool, Pools
from portal.kit import clock
from portal.kit.personal import ERASED
from portal.staff.access import Scope

# How many leads are asked about one by one: the first ones in the order of the pools.
HEAD = 200
# Priority from, and age in days below which; the last age is whatever is older.
PRIORITIES, AGES = (75, 50, 25, 0), (1, 7, 30)
_WAITING = """
SELECT priority, age, count(*), count(*) FILTER (WHERE is_used_up) FROM (
    SELECT CASE WHEN lead.priority >= 75 THEN 0 WHEN lead.priority >= 50 THEN 1
                WHEN lead.priority >= 25 THEN 2 ELSE 3 END AS priority,
           CASE WHEN lead.created_at > %(at)s::timestamptz - interval '1 day' THEN 0
                WHEN lead.created_at > %(at)s::timestamptz - interval '7 days' THEN 1
                WHEN lead.created_at > %(at)s::timestamptz - interval '30 days' THEN 2
                ELSE 3 END AS age,
           lead.attempts >= place.most AS is_used_up
    FROM unnest(%(ids)s::bigint[], %(most)s::int[]) AS place(id, most)
    JOIN journeys_lead AS lead ON lead.branch_id = place.id
    WHERE lead.owner_id IS NULL AND lead.state = 'new' AND lead.holder_id IS NULL
) AS waiting GROUP BY priority, age
"""


@dataclass(frozen=True)
class Waiting:
    """The free leads of pools: `cells` counts them by priority, the highest first, and age, the
    youngest first; `used_up` those that were called as often as the policy allows."""

    cells: list[list[int]]
    used_up: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(map(sum, self.cells))


@dataclass(frozen=True)
class Head:
    """Of the first leads of the pools: how many may be called now, and what stands against the
    others, the most frequent first."""

    looked_at: int
    open: int
    against: list[tuple[str, int]]


def waiting(branch_ids: Sequence[int], *, at: dt.datetime) -> Waiting:
    """This will count the free leads of branches' pools by priority and age."""
    most = _most_attempts(branch_ids, at)
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"ids": list(most), "most": list(most.values()), "at": at})
        rows = cursor.fetchall()
    cells = [[0] * (len(AGES) + 1) for _place in PRIORITIES]
    for priority, age, count, _used_up in rows:
        cells[priority][age] = count
    return Waiting(cells, sum(row[3] for row in rows))


def _most_attempts(branch_ids: Sequence[int], at: dt.datetime) -> dict[int, int]:
    """How often a lead of each branch may be called; where no policy is in force, never."""
    found = policies_in_force(branch_ids, on=clock.bank_day(at))
    return {pk: found[pk].most_attempts if pk in found else 0 for pk in branch_ids}


def head_of(branch_ids: Sequence[int], *, at: dt.datetime) -> Head:
    """This will look at the first leads of branches' pools one by one, in the order in which they
    are given out: what stands against each, and the gate's answer."""
    most = _most_attempts(branch_ids, at)
    first = Pools([Pool(pk) for pk in branch_ids], at).best(None, HEAD)
    ids = [one.lead_id for one in first]
    rows = list(list_leads(scope=Scope(""), at=at).filter(pk__in=ids).order_by("pk"))
    resting = [row.pk for row in rows if row.is_resting]  # type: ignore[attr-defined]
    peace = set(Lead.objects.filter(left_in_peace(at), pk__in=resting).values_list("pk", flat=True))
    against = {row.pk: _stands_against(row, most[row.branch_id], peace, at) for row in rows}
    answers = gate_answers([pk for pk, words in against.items() if not words], at=at)
    for pk, answer in answers.items():
        if answer == GateAnswer.NO_HOURS.value:
            against[pk] = _("outside the hours of calls")
        elif answer != GateAnswer.OPEN.value:
            against[pk] = words_of(answer)
    counted = Counter(words for words in against.values() if words)
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return Head(len(rows), len(rows) - counted.total(), ordered)


def _stands_against(row: Lead, most: int, peace: Collection[int], at: dt.datetime) -> str:
    """What keeps a lead from being called that the gate is not asked about; "" where nothing
    does. Those of `peace` are left in peace after an angry call."""
    if row.phone_sealed is None or row.name == ERASED:
        return _("without a phone")
    if row.is_refused:  # type: ignore[attr-defined]
        return _("a word stands against it")
    if row.attempts >= most:
        return _("called as often as the policy allows")
    if row.is_past:  # type: ignore[attr-defined]
        return _("its last day is over")
    if row.is_control:  # type: ignore[attr-defined]
        return _("in the bank's control group")
    if row.is_resting:  # type: ignore[attr-defined]
        words = _("rests: a complaint, a case, or no consent to calls")
        return words_of(GateAnswer.PEACE.value) if row.pk in peace else words
    if row.call_from is not None and row.call_from > at:
        return _("to be called later")
    return ""


def went_back(branch_ids: Sequence[int], *, at: dt.datetime) -> list[tuple[str, int]]:
    """This will count how leads of branches went back into their pools, or were called off, on the
    day of `at`: each way in words, with how many."""
    start = clock.start_of(clock.bank_day(at))
    rows = LeadMove.objects.filter(
        path__in=BACK, at__gte=start, at__lte=at, lead__branch__in=branch_ids
    )
    counted = dict(
        rows.values("path").annotate(leads=Count("pk")).order_by("path")
        .values_list("path", "leads")
    )  # fmt: skip
    return [(str(MovePath(path).label), counted.get(path, 0)) for path in BACK]
