"""Leads are scored, so that the better come first: `Lead.priority` follows what a call promises."""

import datetime as dt
import json
from collections.abc import Callable, Sequence

from django.db import connection, transaction

from journeys.scoring import queries as scores
from journeys.telemarketing import queries
from journeys.telemarketing.models import LeadScoring
from portal.audit import operations as audit

BATCH = 2_000
# Nobody's priority changes while somebody has the lead in hand, nor after another call than those
# that were counted. What is locked by others is left to the next turn.
_LOCK = """
SELECT lead.id FROM journeys_lead AS lead
JOIN unnest(%(ids)s::bigint[], %(attempts)s::int[], %(customers)s::bigint[])
    AS told(id, attempts, customer_id) USING (id)
WHERE lead.attempts = told.attempts AND lead.customer_id IS NOT DISTINCT FROM told.customer_id
  AND lead.holder_id IS NULL AND lead.state IN ('new', 'working')
ORDER BY lead.id FOR NO KEY UPDATE OF lead SKIP LOCKED
"""
_TELL = """
UPDATE journeys_lead AS lead SET priority = told.priority, score_due = false
FROM unnest(%(ids)s::bigint[], %(priorities)s::int[]) AS told(id, priority)
WHERE lead.id = told.id AND (lead.priority <> told.priority OR lead.score_due)
"""
_KEEP = """
INSERT INTO journeys_leadscore (lead_id, version_id, chance, points, facts, scored_at)
SELECT id, %(version)s, chance, points, facts, %(at)s
FROM unnest(%(ids)s::bigint[], %(chances)s::float8[], %(points)s::int[], %(facts)s::jsonb[])
    AS told(id, chance, points, facts)
ON CONFLICT (lead_id) DO UPDATE SET
    version_id = excluded.version_id, chance = excluded.chance, points = excluded.points,
    facts = excluded.facts, scored_at = excluded.scored_at
"""
_STILL_DUE = """
UPDATE journeys_lead SET score_due = true WHERE id IN (
    SELECT id FROM journeys_lead WHERE id = ANY(%(ids)s::bigint[]) AND NOT score_due
      AND state IN ('new', 'working') ORDER BY id FOR NO KEY UPDATE)
"""
_EVERY_BRANCH = """
INSERT INTO journeys_leadscoring (branch_id) SELECT id FROM portal_branch ON CONFLICT DO NOTHING
"""


class _Scorers:
    """For each branch the one that scores its leads; each is made once."""

    def __init__(self) -> None:
        self.by_branch = scores.traits_by_branch()
        self._made: dict[bool, scores.Scorer] = {}

    def of(self, branch_id: int) -> scores.Scorer:
        with_traits = self.by_branch.get(branch_id, False)
        if with_traits not in self._made:
            self._made[with_traits] = scores.Scorer(with_traits=with_traits)
        return self._made[with_traits]


def score_leads(*, clock: Callable[[], dt.datetime], seconds: float, batch: int = BATCH) -> int:
    """This will score the open leads that came, or were called, since they were scored, and those
    of branches for which there is another version of the model by now, batch by batch until so many
    seconds are over; it returns how many. Once more it finds none. Two at once do no harm."""
    ends = clock() + dt.timedelta(seconds=seconds)
    scorers = _Scorers()
    with connection.cursor() as cursor:
        cursor.execute(_EVERY_BRANCH)
    count = last = 0
    while clock() < ends:
        found = queries.leads_to_score(after=last, most=batch)
        if not found:
            break
        count += _score(found, scorers, clock())
        last = found[-1].lead_id
    while clock() < ends:
        swept = _sweep(scorers, clock(), batch)
        if swept is None:
            break
        count += swept
    if count:
        audit.record(action="leads.scored", actor=None, at=clock(), changes={"leads": count})
    return count


@transaction.atomic
def _sweep(scorers: _Scorers, at: dt.datetime, batch: int) -> int | None:
    """The next leads of a branch that another version has scored; None where there is no such
    branch."""
    rows = LeadScoring.objects.order_by("pk").values_list("branch", "version", "up_to")
    wanted = {branch_id: scorers.of(branch_id).version for branch_id, _version, _up_to in rows}
    stale = [
        branch_id for branch_id, version, up_to in rows
        if up_to is not None or version != wanted[branch_id]
    ]  # fmt: skip
    free = LeadScoring.objects.filter(pk__in=stale).select_for_update(skip_locked=True)
    row = free.order_by("pk").first()
    if row is None:
        return None
    if row.version_id != wanted[row.pk]:
        row.version_id, row.up_to = wanted[row.pk], 0
    found = queries.leads_to_score(after=row.up_to or 0, most=batch, branch_id=row.pk)
    row.up_to = found[-1].lead_id if len(found) == batch else None
    row.save(update_fields=["version", "up_to"])
    return _score(found, scorers, at)


@transaction.atomic
def _score(found: Sequence[queries.ToScore], scorers: _Scorers, at: dt.datetime) -> int:
    """Score leads, and write down those that nobody has, or changed meanwhile."""
    count = 0
    for with_traits in (False, True):
        part = [
            one for one in found if scorers.by_branch.get(one.branch_id, False) == with_traits
        ]  # fmt: skip
        if part:
            count += _told(part, scorers.of(part[0].branch_id), at)
    return count


def _told(found: Sequence[queries.ToScore], scorer: scores.Scorer, at: dt.datetime) -> int:
    asked = queries.asked_about(found, scorer_day=scorer.on, with_traits=scorer.with_traits, at=at)
    values = dict(zip((one.lead_id for one in found), scorer.values(asked), strict=True))
    facts = {one.lead_id: scores.kept_of(each) for one, each in zip(found, asked, strict=True)}
    with connection.cursor() as cursor:
        cursor.execute(
            _LOCK,
            {
                "ids": list(values), "attempts": [one.attempts for one in found],
                "customers": [one.customer_id for one in found],
            },
        )  # fmt: skip
        ids = [pk for (pk,) in cursor.fetchall()]
        told = {
            "ids": ids, "version": scorer.version, "at": at,
            "priorities": [values[pk].priority for pk in ids],
            "chances": [values[pk].chance for pk in ids],
            "points": [values[pk].points for pk in ids],
            "facts": [json.dumps(facts[pk]) for pk in ids],
        }  # fmt: skip
        for statement in (_TELL, _KEEP):
            cursor.execute(statement, told)
        left = sorted(values.keys() - set(ids))
        if left:
            cursor.execute(_STILL_DUE, {"ids": left})
    return len(ids)
