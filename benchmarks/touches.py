"""The next due batch of a touch plan among a million waiting people, and working it off, beside
bare statements.

    python -m benchmarks.touches [PEOPLE]

Everybody is inside a plan with three steps, of which one is due; that many rows wait. Measured are
picking and locking the next batch; working a batch off, with conditions, the gate, messages and
answers, against bare inserts and updates of the same rows; and letting people enter, with their
steps, against bare inserts.

Then the day is worked off to its end by one process, every fifth batch by the bare statements, so
that both meet the same tables as these grow. The promises, at a million: the steps that are due on
a day are worked off within an hour; 95 % of the batches take under 2 seconds, since so long whoever
records a word of one of their people waits; and the last tenth goes as fast as the first (a ratio
of 1.5 at most). A million that breaks one of them fails.
"""

import datetime as dt
import math
import statistics
import sys
import time
from typing import Any

from benchmarks import harness

harness.boot()

from django.db import connection, transaction  # noqa: E402  (settings come first)

from benchmarks import approving, outbox  # noqa: E402
from benchmarks.crowds.queuers import AT  # noqa: E402
from campaigns.models import CampaignVersion, TouchStep  # noqa: E402
from campaigns.planning.rules import plans  # noqa: E402
from campaigns.touches import operations as touches  # noqa: E402
from campaigns.touches.operations import working  # noqa: E402
from journeys.outreach import operations as outreach  # noqa: E402

FULL = 1_000_000
PEOPLE = FULL if harness.is_full() else 50_000
BATCHES = 20
DAY_SECONDS, BATCH_SECONDS, LATE_RATIO = 3_600, 2, 1.5
_CARDS = """
    INSERT INTO journeys_cardproduct (code, name, name_en, issuer, is_own, annual_fee, is_active)
    VALUES ('GOLD', 'g', 'g', 'b', true, 0, true);
    INSERT INTO journeys_card (reference, masked_number, customer_id, product_id, branch_id,
        is_primary, primary_reference, issued_date)
    SELECT 'K' || id, '622588******0001', id, (SELECT id FROM journeys_cardproduct), branch_id,
        true, '', date '2026-05-01' + (id %% 20)::int FROM journeys_customer;
    TRUNCATE campaigns_touchmark, campaigns_factchange;
    ANALYZE
"""
_STEP = {"name": "s", "name_en": "s", "channels": ["sms"], "template": "nudge", "valid_days": 60}
_CHANGES: dict[str, Any] = {
    "products": ["GOLD"],
    "touches": {
        "entry": {"by": "audience", "of": "rule"},
        "goal": {"kind": "first_used"},
        "steps": [
            _STEP | {"code": "s1", "anchor": "issue", "offset_days": 10,
                     "needs": {"not": {"kind": "activated"}}},
            _STEP | {"code": "s2", "anchor": "issue", "offset_days": 60},
            _STEP | {"code": "s3", "anchor": "first_use"},
        ],
    },
}  # fmt: skip
_BARE_ENTRY = [
    """INSERT INTO campaigns_enrolment (campaign_id, version_id, customer_id, rotation, occasion,
           entered_at, ends_at, state, left_because)
       SELECT %(campaign)s, %(version)s, id, 1, 'bare', %(at)s, %(at)s, 'inside', ''
       FROM journeys_customer WHERE id < %(end)s""",
    """INSERT INTO campaigns_touchstep (enrolment_id, version_id, customer_id, code, position,
           planned_at, due_at, valid_until, state, answer, channel, reasons)
       SELECT stay.id, stay.version_id, stay.customer_id, 's' || n, n, %(at)s, %(at)s, %(at)s,
           'waiting', '', '', '{}' FROM campaigns_enrolment stay, generate_series(1, 3) n""",
]
_FILL = [
    """INSERT INTO campaigns_enrolment (campaign_id, version_id, customer_id, rotation, occasion,
           entered_at, ends_at, state, left_because)
       SELECT %(campaign)s, %(version)s, id, 1, 'x', %(at)s, %(at)s + interval '400 days', 'inside',
           '' FROM journeys_customer""",
    """INSERT INTO campaigns_touchstep (enrolment_id, version_id, customer_id, code, position,
           planned_at, due_at, valid_until, state, answer, channel, reasons)
       SELECT stay.id, stay.version_id, stay.customer_id, step.code, step.position, day, day,
           day + interval '61 days', 'waiting', '', '', '{}'
       FROM campaigns_enrolment stay JOIN journeys_card card ON card.customer_id = stay.customer_id
       CROSS JOIN LATERAL (VALUES
           ('s1', 0, (card.issued_date + 10)::timestamp AT TIME ZONE 'Asia/Shanghai'),
           ('s2', 1, (card.issued_date + 60)::timestamp AT TIME ZONE 'Asia/Shanghai'),
           ('s3', 2, NULL)) AS step(code, position, day)""",
]
_BARE_BATCH = [
    """INSERT INTO journeys_contact (customer_id, channel, purpose, at, origin, dedup_key)
       SELECT customer_id, 'sms', 'marketing', %(at)s, 'bare', 'bare' FROM campaigns_touchstep
       WHERE id = ANY(%(ids)s)""",
    """INSERT INTO journeys_message (customer_id, channel, purpose, template_id, context, origin,
           dedup_key, state, queued_at, not_before, attempts, gateway_reference, failure_kind,
           failure)
       SELECT customer_id, 'sms', 'marketing', (SELECT min(id) FROM journeys_messagetemplate),
           '{"name": "x"}', 'bare', 'bare', 'queued', %(at)s, %(at)s, 0, '', '', ''
       FROM campaigns_touchstep WHERE id = ANY(%(ids)s)""",
    """UPDATE campaigns_touchstep SET state = 'sent', answer = 'sent', channel = 'sms',
           due_at = NULL, answered_at = %(at)s WHERE id = ANY(%(ids)s)""",
]


def main(people: int) -> None:
    """This will print what was measured."""
    with connection.cursor() as cursor:
        cursor.execute(outbox._BANK, {"customers": people, "before": AT - dt.timedelta(days=9)})
        cursor.execute(_CARDS.replace("%%", "%"))
    version = _version()
    _first_entry(version, people)
    _fill(version)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE campaigns_touchstep, campaigns_enrolment")
    picking = _pick(version)
    print(f"next due batch of {working.BATCH:,} among {people:,} waiting people: "
          f"{picking * 1000:.1f} ms", flush=True)  # fmt: skip
    print(*_explained(version), sep="\n", flush=True)
    # A quarter for each side at most: the rest of the day comes after.
    batches = max(1, min(BATCHES, people // working.BATCH // 4))
    ours, bare = _work(version, batches), _bare(batches)
    harness.report(f"a batch of {working.BATCH:,} due steps against bare statements", ours, bare)
    _day(version)


def _version() -> CampaignVersion:
    """A version in force, without the approval that a page would ask for."""
    outreach.ensure_default_templates(at=AT)
    outreach.add_template(code="nudge", channel="sms", language="zh-hans", subject="", actor=None,
                          body="{name} {card_tail}", at=AT)  # fmt: skip
    return approving.in_force(at=AT, **_CHANGES)


def _first_entry(version: CampaignVersion, people: int) -> None:
    """Entering and its bare side, of the same people; the rows of neither stay."""
    end = min(people, 20_000) + 1
    values: dict[str, Any] = {
        "campaign": version.campaign_id, "version": version.pk, "at": AT, "end": end,
    }  # fmt: skip
    plan = plans.plan_of(version.content)

    def enter() -> None:
        with transaction.atomic():
            touches.enter(version=version, plan=plan, occasion="x", at=AT, span=(0, end))
            transaction.set_rollback(True)

    def bare() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in _BARE_ENTRY:
                cursor.execute(statement, values)
            transaction.set_rollback(True)

    harness.report(
        f"letting {end - 1:,} people in against bare inserts",
        harness.median_of(3, enter), harness.median_of(3, bare),
    )  # fmt: skip


def _fill(version: CampaignVersion) -> None:
    """Everybody inside, as entering leaves them; written bare, since that was measured before."""
    values: dict[str, Any] = {"campaign": version.campaign_id, "version": version.pk, "at": AT}
    with connection.cursor() as cursor:
        for statement in _FILL:
            cursor.execute(statement, values)


def _values(version: CampaignVersion) -> dict[str, Any]:
    return {"version_id": version.pk, "at": AT, "size": working.BATCH}


def _pick(version: CampaignVersion) -> float:
    def pick() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(working.PICK, _values(version))
            assert len(cursor.fetchall()) == working.BATCH
            transaction.set_rollback(True)

    return harness.median_of(9, pick)


def _explained(version: CampaignVersion) -> list[str]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {working.PICK}", _values(version))
        lines = [row[0] for row in cursor.fetchall()]
        transaction.set_rollback(True)
    return lines


def _work(version: CampaignVersion, batches: int) -> float:
    def work() -> None:
        assert touches.work_due(version_id=version.pk, at=AT, most=1) == working.BATCH

    return harness.median_of(batches, work)


def _bare(batches: int) -> float:
    return harness.median_of(batches, _write_bare)


def _write_bare() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(id) FROM (SELECT id FROM campaigns_touchstep WHERE state ="
            " 'waiting' AND due_at <= %s ORDER BY due_at, id LIMIT %s) one",
            [AT, working.BATCH],
        )
        values = {"at": AT, "ids": cursor.fetchone()[0]}
        for statement in _BARE_BATCH:
            cursor.execute(statement, values)


# --- a whole day ---------------------------------------------------------------------------------
def _day(version: CampaignVersion) -> None:
    """What is left of the day, to its end."""
    left = TouchStep.objects.filter(version=version, state="waiting", due_at__lte=AT).count()
    before = harness.megabytes()
    ours, bare = _worked_off(version, left // working.BATCH)
    steps = len(ours) * working.BATCH
    if not bare:
        return  # too small to say anything
    harness.report(
        f"{steps:,} due steps of a day against bare statements, by batches",
        statistics.mean(ours), statistics.mean(bare),
    )  # fmt: skip
    harness.report_memory(before)
    tenth = max(1, len(ours) // 10)
    million = statistics.mean(ours) * 1_000_000 / working.BATCH
    slowest = sorted(ours)[math.ceil(len(ours) * 0.95) - 1]
    ratio = statistics.median(ours[-tenth:]) / statistics.median(ours[:tenth])
    print(f"{steps / sum(ours):,.0f} steps a second")
    harness.promise("a million steps", million / 60, DAY_SECONDS / 60, " min")
    harness.promise("95 % of the batches", slowest, BATCH_SECONDS, " s")
    harness.promise("the last tenth beside the first", ratio, LATE_RATIO)


def _worked_off(version: CampaignVersion, batches: int) -> tuple[list[float], list[float]]:
    """The seconds of each batch, of ours and of the bare ones."""
    taken: tuple[list[float], list[float]] = [], []
    for number in range(batches):
        is_bare = number % 5 == 4
        begun = time.perf_counter()
        if is_bare:
            _write_bare()
        else:
            assert touches.work_due(version_id=version.pk, at=AT, most=1) == working.BATCH
        taken[is_bare].append(time.perf_counter() - begun)
    return taken


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    main(size)
    harness.end(is_judged=size >= FULL)
