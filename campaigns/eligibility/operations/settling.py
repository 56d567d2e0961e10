"""Settling decided chunks: rewards, messages and the answers about both, one chunk after another
in the order of their numbers, so that who comes first does not depend on the number of workers."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal

from django.db import connection, transaction

from campaigns.eligibility import queries, rules
from campaigns.eligibility.enums import ChunkState
from campaigns.eligibility.models import RunChunk
from campaigns.eligibility.operations import clearing, failing, rehearsing
from campaigns.eligibility.operations.starting import ask_workers
from campaigns.planning import queries as planning
from campaigns.planning.enums import TierMode
from campaigns.planning.rules import naming, plans
from campaigns.rewards import operations as rewards
from campaigns.rewards.enums import AwardAnswer
from campaigns.rewards.rules import Award, Book, Candidate
from journeys.contact.enums import GateAnswer, Purpose
from journeys.contact.rules import GateVerdict
from journeys.outreach import operations as outreach
from journeys.outreach import queries as messages
from portal.kit import clock

_ANSWER = """
UPDATE campaigns_decision decision
SET award = answered.award, awarded = answered.awarded, gate = answered.gate,
    channel = answered.channel, given = answered.given::smallint[], other_id = answered.other_id,
    again_date = LEAST(decision.again_date, answered.again)
FROM unnest(%(customers)s::bigint[], %(awards)s::text[], %(amounts)s::numeric[],
            %(gates)s::text[], %(channels)s::text[], %(again)s::date[], %(given)s::text[],
            %(others)s::bigint[])
    AS answered(customer_id, award, awarded, gate, channel, again, given, other_id)
WHERE decision.run_id = %(run_id)s AND decision.customer_id = answered.customer_id
"""
_HAS_IT = {AwardAnswer.GRANTED, AwardAnswer.HAD_BEFORE}


def settle_run(run_id: int, now: Callable[[], dt.datetime]) -> None:
    """This will settle the chunks of a run whose turn has come, unless somebody else does.

    One at a time per run: the lock is this connection's, and gone with it. Who finds it taken may
    go, because its holder looks once more after giving it back: what was decided before that look
    is seen by it. After a failed attempt the rest is left to the sweeper. A live run waits for its
    turn (`queries.turns`): once it has come, no other comes before it any more.
    """
    while queries.next_to_settle(run_id) is not None and queries.is_its_turn(run_id):
        with _turn_of(run_id) as is_ours:
            if not is_ours or not _settle_ready(run_id, now):
                return


def _settle_ready(run_id: int, now: Callable[[], dt.datetime]) -> bool:
    """Settles what can be, one after another; False where it came to a halt."""
    if not clearing.clear(run_id, now):
        return False
    before: int | None = None
    chunk_id = queries.next_to_settle(run_id)
    while chunk_id is not None and chunk_id != before:
        failing.attempt(chunk_id=chunk_id, state=ChunkState.DECIDED, work=_settle, now=now)
        chunk_id, before = queries.next_to_settle(run_id), chunk_id
    return chunk_id is None


@contextmanager
def _turn_of(run_id: int) -> Iterator[bool]:
    """Whether the turn of settling a run is this process's, for as long as the block lasts."""
    key = [f"campaigns.settle:{run_id}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", key)
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", key)


@transaction.atomic
def _settle(chunk_id: int, now: Callable[[], dt.datetime]) -> None:
    chunk = failing.take(chunk_id, ChunkState.DECIDED)
    if chunk is None:
        return
    at = _instant(chunk, now())
    plan = planning.plan_of(chunk.run.version)
    failing.refuse_without_texts(chunk.run)
    failing.refuse_stopped(chunk.run, plan=plan, at=at)
    again = {one.customer_id: (one, facts) for one, facts in queries.candidates_again(chunk, plan)}
    candidates = queries.candidates(chunk, plan)
    asked = [*candidates, *(one for one, _facts in again.values())]
    asked.sort(key=lambda one: one.customer_id)
    answered = _awards(chunk, plan, asked, at)
    awards = [one for one in answered if one.customer_id not in again]
    more = [one for one in answered if one.customer_id in again]
    told = [one.customer_id for one in awards if one.answer in _HAS_IT]
    if plan.touches and plan.touches.tells_grants:
        told = []  # a step of the touch plan tells them
    verdicts = _tell(chunk, plan, told, at) if chunk.run.is_live else _ask(chunk, plan, told, at)
    _write_answers(chunk, plan, awards, verdicts, _again(chunk, plan, candidates, awards, verdicts))
    rehearsing.write_more(chunk, more, again, _places(plan))
    _count(chunk, asked, awards, more, verdicts)
    chunk.state, chunk.finished_at, chunk.failure = ChunkState.DONE, now(), ""
    chunk.save()
    if chunk.run.is_back_test:
        _ask_for_next_day(chunk)
    # Asked at the very end, with a lock held until the commit: a stop or a veto waits for an
    # instant, not for the chunk, and what it has seen finished is finished. So does the withdrawal
    # of a text, which voids the approval first.
    failing.refuse_without_texts(chunk.run)
    failing.refuse_stopped(chunk.run, plan=plan, at=at, lock=True)


def _instant(chunk: RunChunk, now: dt.datetime) -> dt.datetime:
    """A back-test asks as an evening's run would have: at the last instant of the day."""
    if not chunk.run.is_back_test:
        return now
    return min(now, clock.start_of(chunk.day + dt.timedelta(days=1)) - dt.timedelta(microseconds=1))


def _awards(
    chunk: RunChunk, plan: plans.Plan, candidates: Sequence[Candidate], at: dt.datetime
) -> list[Award]:
    version = chunk.run.version
    asked = [one.customer_id for one in candidates]
    control = queries.held_out(version.campaign, plan.control_percent, asked)
    book = Book(
        version.campaign_id, version.pk, chunk.run_id, chunk.run.is_live,
        is_trial=chunk.run.is_back_test and rules.gives_more(plan.rewards),
        first_date=chunk.run.first_date,
    )  # fmt: skip
    awards = rewards.award(
        book=book,
        plan=plan,
        candidates=[one for one in candidates if one.customer_id not in control],
        on=chunk.day,
        granted_date=clock.bank_day(at),
        at=at,
    )
    nothing = Decimal("0.00")
    return awards + [Award(key, AwardAnswer.CONTROL, (), nothing) for key in sorted(control)]


def _tell(
    chunk: RunChunk, plan: plans.Plan, told: Sequence[int], at: dt.datetime
) -> list[GateVerdict]:
    if not told:
        return []
    version, code = chunk.run.version, chunk.run.version.campaign.code
    common = {"campaign": plan.facts.name, "campaign_en": plan.facts.name_en}
    contexts = queries.contexts_of(chunk, told)
    return [
        verdict
        for cause, people in _causes(chunk, list(contexts)).items()
        for verdict in outreach.queue_messages(
            customer_ids=people,
            contexts={customer: common | contexts[customer] for customer in people},
            purpose=Purpose.MARKETING,
            channels=list(plan.channels),
            template_code=plan.template,
            text_ids=planning.texts_for(chunk.run.texts or [], plan, plan.template),
            origin=naming.origin_of(code, version.number),
            dedup_key=cause,
            priority=plan.priority,
            at=at,
        )
    ]


def _ask(
    chunk: RunChunk, plan: plans.Plan, told: Sequence[int], at: dt.datetime
) -> list[GateVerdict]:
    if not told:
        return []
    return [
        verdict
        for cause, people in _causes(chunk, told).items()
        for verdict in messages.ask_about_new(
            customer_ids=people,
            purpose=Purpose.MARKETING,
            channels=list(plan.channels),
            dedup_key=cause,
            priority=plan.priority,
            at=at,
        )
    ]


def _causes(chunk: RunChunk, told: Sequence[int]) -> dict[str, list[int]]:
    """The people by the cause they are told for: who was granted again is told again, where the
    message of the first grant was called off with that."""
    key = naming.dedup_key_of(chunk.run.version.campaign.code)
    return messages.causes_now(customer_ids=told, dedup_key=key)


def _again(
    chunk: RunChunk,
    plan: plans.Plan,
    candidates: Sequence[Candidate],
    awards: Sequence[Award],
    verdicts: Sequence[GateVerdict],
) -> dict[int, dt.date]:
    """About whom a later run has to ask again although nothing was written about them, and from
    which day; only a live run can be stood upon."""
    if not chunk.run.is_live:
        return {}
    gates = {one.customer_id: one.answer for one in verdicts}
    freed = {one.customer_id: _day_before(one.next_free) for one in verdicts if one.next_free}
    tiers, budget = plan.rewards.tiers, plan.budget
    reached = {one.customer_id: [tiers[n].code for n in one.reached] for one in candidates}
    is_highest = plan.rewards.mode == TierMode.HIGHEST
    is_only = rules.is_only(
        tiers, is_highest=is_highest, is_first_version=chunk.run.version.number == 1
    )
    # For each person brought something may be given yet, whoever of them was left out before.
    is_open = any(tier.for_each for tier in tiers)
    found = {}
    for one in awards:
        best = reached[one.customer_id][-1:] if is_highest else reached[one.customer_id]
        gate, later = gates.get(one.customer_id, ""), freed.get(one.customer_id)
        if one.held:
            if one.held.until:  # until then nothing but the group answers
                found[one.customer_id] = one.held.until
        elif rules.waits_for_book(
            one.answer, tiers=len(tiers), parties=len(budget.parties),
            has_day=budget.per_day is not None,
        ):  # fmt: skip
            found[one.customer_id] = rules.BOOK_DAY
        elif is_open or not rules.stays(
            one.answer, GateAnswer.OPEN if later else gate, one.tiers, best, is_only=is_only
        ):
            found[one.customer_id] = chunk.day
        elif later is not None:
            found[one.customer_id] = later
    return found


def _day_before(opening: dt.datetime) -> dt.date:
    """The day from whose closing on the gate plans for an opening; every day has hours."""
    return clock.bank_day(opening) - dt.timedelta(days=1)


def _write_answers(
    chunk: RunChunk,
    plan: plans.Plan,
    awards: Sequence[Award],
    verdicts: Sequence[GateVerdict],
    again: dict[int, dt.date],
) -> None:
    if not awards:
        return
    answers = {verdict.customer_id: (verdict.answer, verdict.channel) for verdict in verdicts}
    found = [answers.get(one.customer_id, ("", "")) for one in awards]
    places = _places(plan)
    with connection.cursor() as cursor:
        cursor.execute(
            _ANSWER,
            {
                "run_id": chunk.run_id,
                "again": [again.get(one.customer_id) for one in awards],
                "customers": [one.customer_id for one in awards],
                "awards": [one.answer for one in awards],
                "amounts": [one.amount for one in awards],
                "gates": [answer for answer, _channel in found],
                "channels": [channel for _answer, channel in found],
                "given": [rehearsing.given_of(one, places) for one in awards],
                "others": [one.held and one.held.campaign_id for one in awards],
            },
        )


def _places(plan: plans.Plan) -> dict[str, int]:
    return {tier.code: place for place, tier in enumerate(plan.rewards.tiers)}


def _count(
    chunk: RunChunk,
    candidates: Sequence[Candidate],
    awards: Sequence[Award],
    more: Sequence[Award],
    verdicts: Sequence[GateVerdict],
) -> None:
    """What was found is set on the chunk, unsaved. On the evenings of a back-test before the last,
    only those count who have the reward from then on: about the others it is decided again."""
    tally = rules.Tally(chunk.counts)
    branches = {one.customer_id: str(one.branch_id) for one in candidates}
    counted = {
        one.customer_id
        for one in awards
        if chunk.is_of_last_day or one.answer == AwardAnswer.GRANTED
    }
    for one in awards:
        if one.customer_id not in counted:
            continue
        tally.add("award", one.answer, 1, one.amount)
        if one.answer == AwardAnswer.GRANTED:
            tally.add("branch", branches[one.customer_id], 1, one.amount)
            tally.add("day", chunk.day.isoformat(), 1, one.amount)
            rehearsing.count_given(tally, one)
            if chunk.run.is_back_test:
                branch = branches[one.customer_id]
                rehearsing.count_by_day(tally, one, branch, chunk.day.isoformat())
    rehearsing.count_more(tally, more, branches, chunk.day.isoformat())
    for verdict in verdicts:
        if verdict.customer_id in counted:
            tally.add("gate", verdict.answer)
    chunk.counts = tally.as_data()
    if chunk.run.is_live:
        chunk.granted = tally.counts("award").get(AwardAnswer.GRANTED, 0)
        chunk.queued = sum(verdict.is_open for verdict in verdicts)


def _ask_for_next_day(chunk: RunChunk) -> None:
    """The next evening of a back-test begins when the one before is settled."""
    ready = queries.chunks_of_next_day(chunk)
    if ready:
        transaction.on_commit(lambda: ask_workers(ready))
