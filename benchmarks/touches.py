"""The next due batch of a touch plan among a million waiting people, and working it off, beside
bare statements.

    python -m benchmarks.touches [PEOPLE]

Everybody is inside a plan with three steps, of which one is due; that many rows wait. Measured are
picking and locking the next batch; working a batch off, with conditions, the gate, messages and
answers, against bare inserts and updates of the same rows; and letting people enter, with their
steps, against bare inserts.
"""

import datetime as dt
import sys
from typing import Any

from benchmarks import harness

harness.boot()

import yaml  # noqa: E402  (settings come first)
from django.db import connection, transaction  # noqa: E402

from benchmarks import approving, outbox  # noqa: E402
from benchmarks.crowds.queuers import AT  # noqa: E402
from campaigns.models import CampaignVersion  # noqa: E402
from campaigns.planning import operations as planning  # noqa: E402
from campaigns.planning.rules import plans  # noqa: E402
from campaigns.touches import operations as touches  # noqa: E402
from campaigns.touches.operations import working  # noqa: E402
from journeys.outreach import operations as outreach  # noqa: E402
from portal.models import Branch, Staff  # noqa: E402
from portal.runtime import stack  # noqa: E402

PEOPLE = 1_000_000 if harness.is_full() else 50_000
BATCHES = 20
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
_PLAN = stack.PROJECT / "examples" / "known_case" / "campaign.yaml"
_STEP = {"name": "s", "name_en": "s", "channels": ["sms"], "template": "nudge", "valid_days": 60}
_CHANGES = {
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


def main(people: int) -> float:
    """This will print what was measured and return the ratio of working a batch off."""
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
    batches = min(BATCHES, people // working.BATCH // 2)  # half of them for each side
    ours, bare = _work(version, batches), _bare(batches)
    return harness.report(
        f"a batch of {working.BATCH:,} due steps against bare statements", ours, bare
    )


def _version() -> CampaignVersion:
    """A version in force, without the approval that a page would ask for."""
    outreach.ensure_default_templates(at=AT)
    outreach.add_template(code="nudge", channel="sms", language="zh-hans", subject="", actor=None,
                          body="{name} {card_tail}", at=AT)  # fmt: skip
    owner = Staff.objects.create(
        username="owner", staff_number="1", name="owner", role="campaign_manager",
        branch=Branch.objects.get(),
    )  # fmt: skip
    plan = yaml.safe_load(_PLAN.read_text(encoding="utf-8")) | _CHANGES
    version = planning.load_campaign(text=yaml.safe_dump(plan), owner=owner, at=AT)
    approving.approve(version, at=AT)
    return version


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
    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT array_agg(id) FROM (SELECT id FROM campaigns_touchstep WHERE state ="
                " 'waiting' AND due_at <= %s ORDER BY due_at, id LIMIT %s) one",
                [AT, working.BATCH],
            )
            values = {"at": AT, "ids": cursor.fetchone()[0]}
            for statement in _BARE_BATCH:
                cursor.execute(statement, values)

    return harness.median_of(batches, write)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
