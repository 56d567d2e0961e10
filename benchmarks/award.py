"""Giving rewards to many candidates at once, beside a bare INSERT of the same rows.

    python -m benchmarks.award [CANDIDATES] [--profile]

Ours: `award` for all candidates in one transaction, up to the commit: budgets and stock charged in
order, grants, the ledger's entries, what is used of each limit. Bare: one INSERT .. SELECT each of
the same grants and the same entries into the same tables, with all keys, indexes and triggers.
Four campaigns: nothing bounds the cost but a total; the same of an exclusive group, which locks and
looks up its candidates; stock, day, branches and two parties, which are enough for all; and a stock
and budget that run out on the way. The first is asked once more,
when everybody has the reward. The promise: a ratio of 3. What the guard of approval adds, and the
one of persons under several numbers, is measured by inserting the same grants with and without it,
in turns. Everybody has an ID number; one in fifty is on file under two customer numbers, and the
second one is given nothing.
"""

import cProfile
import datetime as dt
import pstats
import statistics
import sys
from typing import Any

import yaml

from benchmarks import harness

harness.boot()

from django.db import connection, transaction  # noqa: E402  (settings come first)

from benchmarks import approving, evaluate  # noqa: E402
from benchmarks.bank.rows import insert  # noqa: E402
from campaigns.groups import operations as groups  # noqa: E402
from campaigns.models import CampaignVersion, Grant, Run  # noqa: E402
from campaigns.planning import operations as planning  # noqa: E402
from campaigns.planning.rules import plans  # noqa: E402
from campaigns.rewards import operations as rewards  # noqa: E402
from campaigns.rewards.rules import Award, Book, Candidate  # noqa: E402
from journeys.outreach import operations as outreach  # noqa: E402
from merchants.models import Merchant  # noqa: E402
from portal.kit import clock  # noqa: E402
from portal.models import Branch, Staff  # noqa: E402

CANDIDATES = 50_000
ON = dt.date(2026, 12, 31)
_CARDS = """
UPDATE journeys_card SET issued_date = '2026-01-01', activated_date = '2026-01-02',
    first_used_date = '2026-01-03'
"""
_PERSONS = """
UPDATE journeys_customer SET id_number_sealed = '\\x01', id_number_index = '\\x01',
    bearer = decode(md5((CASE WHEN id % 50 = 1 THEN id - 1 ELSE id END)::text), 'hex')
"""
_CATEGORY = """
INSERT INTO merchants_merchantcategory (mcc, name, name_en, scenario)
VALUES ('0001', 'x', 'x', 'other') ON CONFLICT DO NOTHING
"""
_PARTNER = {
    "number": "'M1'", "name": "'M1'", "name_en": "'M1'", "branch_id": "id", "is_partner": "true",
    "category_id": "(SELECT max(mcc) FROM merchants_merchantcategory)",
}  # fmt: skip
_CANDIDATES = """
SELECT card.customer_id, card.id, customer.branch_id FROM journeys_card card
JOIN journeys_customer customer ON customer.id = card.customer_id ORDER BY customer.id
"""
_KEEP = """
CREATE TEMPORARY TABLE kept_grant AS SELECT * FROM campaigns_grant WHERE run_id = %(run)s;
CREATE TEMPORARY TABLE kept_entry AS SELECT entry.* FROM campaigns_budgetentry entry
    JOIN kept_grant ON kept_grant.id = entry.grant_id;
ANALYZE kept_grant; ANALYZE kept_entry;
"""
_FORGET = "TRUNCATE campaigns_grant, campaigns_budgetentry CASCADE"
_BARE = (
    "INSERT INTO campaigns_grant SELECT * FROM kept_grant ORDER BY id",
    "INSERT INTO campaigns_budgetentry SELECT * FROM kept_entry ORDER BY id",
)
_GUARDS = {
    "approval": "grant_of_approved_version", "persons": "grant_once_for_bearer",
}  # fmt: skip
_SWITCH = "ALTER TABLE campaigns_grant {} TRIGGER {}"
_GROUP = "one-of-two"
_DROP = "DROP TABLE kept_grant, kept_entry"


def _tier(code: str, value: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "kind": "gift", "name": code, "name_en": code, "value": value, **more}


def _campaigns(candidates: int) -> dict[str, dict[str, Any]]:
    half = candidates // 2
    return {
        "a total": {"tiers": [_tier("gift", "10.00")], "budget": {"total": "9000000.00"}},
        "of a group": {
            "tiers": [_tier("gift", "10.00")], "budget": {"total": "9000000.00"}, "group": _GROUP,
        },
        "enough of all": {
            "tiers": [_tier("low", "3.33"), _tier("high", "7.77", stock=candidates)],
            "budget": {
                "total": "9000000.00", "per_day": "8000000.00", "per_customer": "100.00",
                "branches": {"HO": "7000000.00"}, "shares": {"bank": "66.66", "M1": "33.34"},
            },
        },
        "runs out": {
            "tiers": [_tier("low", "3.33"), _tier("high", "7.77", stock=half)],
            "budget": {
                "total": f"{half * 10}.00", "shares": {"bank": "66.66", "M1": "33.34"},
            },
        },
    }  # fmt: skip


def main(candidates: int, *, profile: bool) -> None:
    """This will print both times for each campaign, and who got what."""
    with connection.cursor() as cursor:
        cursor.execute(evaluate._BANK.format(customers=candidates))
        cursor.execute(_CARDS)
        cursor.execute(_PERSONS)
        cursor.execute(_CATEGORY)
        insert(cursor, Merchant, _PARTNER, "FROM portal_branch")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute(_CANDIDATES)
        everybody = [
            Candidate(customer, card, branch, reached=(0,))
            for customer, card, branch in cursor.fetchall()
        ]
    owner = Staff.objects.create(
        username="bench", staff_number="1", name="bench", role="campaign_manager",
        branch=Branch.objects.filter(parent=None).get(),
    )  # fmt: skip
    groups.open_group(
        code=_GROUP, name="x", name_en="x", days=None, source="bench", at=clock.now(),
        actor=Staff.objects.create(
            username="keeper", staff_number="keeper", name="keeper", role="compliance",
            branch=owner.branch,
        ),
    )  # fmt: skip
    outreach.ensure_default_templates(at=clock.now())
    for name, plan in _campaigns(candidates).items():
        asked = [
            Candidate(one.customer_id, one.card_id, one.branch_id, tuple(range(len(plan["tiers"]))))
            for one in everybody
        ]
        _measure(name, _version(name, plan, owner), asked, profile)


def _version(name: str, plan: dict[str, Any], owner: Staff) -> CampaignVersion:
    content = yaml.safe_load(evaluate.PLAN)
    content |= {"code": name.replace(" ", "-"), "rewards": {"mode": "highest", **plan}}
    content["budget"] = content["rewards"].pop("budget")
    content["group"] = content["rewards"].pop("group", "")
    content["merchants"] = ["M1"] if "shares" in content["budget"] else []
    at = clock.now()
    version = planning.load_campaign(text=yaml.safe_dump(content), owner=owner, at=at)
    approving.approve(version, at=at)
    return version


def _measure(name: str, version: CampaignVersion, asked: list[Candidate], profile: bool) -> None:
    found: list[list[Award]] = []
    profiler = cProfile.Profile()

    def ours() -> None:
        run = Run.objects.create(
            version=version, kind="live", state="done", on_date=ON,
            started_at=clock.start_of(ON), finished_at=clock.now(), cleared_at=clock.now(),
            texts=[],
        )  # fmt: skip
        if profile:
            profiler.enable()
        with transaction.atomic():
            found.append(_award(version, run, asked))
        profiler.disable()

    seconds = harness.median_of(1, ours)
    run = Run.objects.latest("id")
    answers: dict[str, int] = {}
    for one in found[0]:
        answers[one.answer] = answers.get(one.answer, 0) + 1
    granted = Grant.objects.filter(run=run).count()
    assert granted == answers["granted"]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP.replace("%(run)s", str(run.pk)))
        bare = harness.median_of(3, _bare, lambda: cursor.execute(_FORGET))
        guarded = {what: _guarded(trigger) for what, trigger in _GUARDS.items()}
        cursor.execute(_DROP)
    harness.report(f"{name}: {len(asked)} asked, {answers}", seconds, bare)
    for what, (with_guard, without) in guarded.items():
        text = f"{name}: inserting the grants with the guard of {what}"
        harness.report(text, with_guard, without)
        print(f"{name}: of awarding, this guard is {(with_guard - without) / seconds:.1%}")
    again = harness.median_of(1, ours)
    print(f"{name}, asked again: {again:.3f} s")
    if profile:
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(35)


def _award(version: CampaignVersion, run: Run, asked: list[Candidate]) -> list[Award]:
    return rewards.award(
        book=Book(version.campaign_id, version.pk, run.pk, is_live=True),
        plan=plans.plan_of(version.content),
        candidates=asked,
        on=ON,
        granted_date=ON,
        at=clock.now(),
    )


def _guarded(trigger: str) -> tuple[float, float]:
    """Seconds of inserting the grants alone, with and without a guard, in turns."""
    found: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(10):
        is_on = turn % 2 == 0
        with connection.cursor() as cursor:
            cursor.execute(_FORGET)
            cursor.execute(_SWITCH.format("ENABLE" if is_on else "DISABLE", trigger))

        def insert() -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(_BARE[0])

        found[is_on].append(harness.median_of(1, insert))
    with connection.cursor() as cursor:
        cursor.execute(_SWITCH.format("ENABLE", trigger))
        cursor.execute(_FORGET)
        cursor.execute(_BARE[0])
        cursor.execute(_BARE[1])
    return statistics.median(found[True]), statistics.median(found[False])


def _bare() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _BARE:
            cursor.execute(statement)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    size = numbers[0] if numbers else CANDIDATES
    main(size, profile="--profile" in sys.argv)
    harness.end(is_judged=size >= CANDIDATES)
