"""The known case as the demo bank's first campaign, and the one before it, which ran for real."""

import datetime as dt
from typing import Any

import yaml
from django.conf import settings

from campaigns.demo import benefits, drafts, flash, grouped, joint, measured, texts, touches, twice
from campaigns.effect.models import EffectRule
from campaigns.eligibility import operations as eligibility
from campaigns.eligibility.enums import RunKind
from campaigns.era.models import EraRule
from campaigns.partners import operations as partners
from campaigns.planning import operations as planning
from campaigns.planning import queries as campaigns
from campaigns.planning.models import SubmissionRule
from campaigns.planning.rules.naming import APPROVAL_KIND
from campaigns.submission import operations as submission
from campaigns.wording import operations as wording
from campaigns.wording.enums import Level, WordState
from journeys.demo import history
from portal.approvals import operations as approvals
from portal.approvals import queries as approval_queries
from portal.approvals.enums import Verdict
from portal.kit import clock
from portal.staff.models import Staff

KNOWN_CASE = settings.BASE_DIR / "examples" / "known_case" / "campaign.yaml"
_MONTHS = 8
_EARLIER: dict[str, Any] = {
    "code": "new-card-gift",
    "name": "新卡有礼",
    "name_en": "A gift for the new card",
}
# A draft that cannot be submitted as it stands: its page says what has to be mended.
_DRAFT: dict[str, Any] = {
    "code": "dining-week",
    "name": "最佳美食周",
    "name_en": "Dining week",
    "objective": "convert",
    "scenario": "dining",
    "budget": {"per_customer": 50},
    "rule": {"all": [{"kind": "activated"}, {"kind": "first_used"}]},
    "rewards": {
        "tiers": [
            {
                "code": "cash-back",
                "kind": "cash_back",
                "name": "餐饮返现",
                "name_en": "Cash back on dining",
                "value": 88,
            }
        ]
    },
}
# More than the demo bank needs, so that its campaign is well on its way and not at its end.
_BUDGET = {"total": "30000.00", "per_customer": "50.00"}
_STOCK = 2_000
# How many days ago the earlier campaign's versions ran; each gives another amount.
_MEASURED = 8  # how many days ago the campaigns ran whose rewards are measured
_BENEFITS = 42  # how many days ago member benefits were given
_KNOWN_TWICE = 1  # and how many days ago it came out that some numbers are one person's
_EARLIER_RUNS = ((140, 20), (75, 15))


def build_campaigns(*, on: dt.date, at: dt.datetime) -> None:
    """This will load the known case for the cards issued in the eight months up to `on`, have it
    approved by a second person, and make a dry run as of `on`; before it, a campaign of two
    versions that ran and was sent in the months before, and two whose rewards are measured; a draft
    that has faults, message texts on their way, and a word that compliance decided about."""
    plan: dict[str, Any] = yaml.safe_load(KNOWN_CASE.read_text(encoding="utf-8"))
    _set_rules(on - dt.timedelta(days=365))
    for days, amount in _EARLIER_RUNS:
        day, instant = on - dt.timedelta(days=days), at - dt.timedelta(days=days)
        tier = {**plan["rewards"]["tiers"][0], "value": amount}
        rewards = {"tiers": [{**tier, "stock": _STOCK}]}
        earlier = {**plan, **_EARLIER, "rewards": rewards, "budget": _BUDGET}
        _run(_approved(_issued_until(earlier, day), day, instant), RunKind.LIVE, day, instant)
        history.deliver(before=instant + dt.timedelta(days=1))
    instant = at - dt.timedelta(days=_MEASURED)
    for make in (measured.tripled, measured.brought):
        own, day = make(_issued_until(plan, on), on=on), clock.bank_day(instant)
        _run(_approved(own, day, instant), RunKind.LIVE, day, instant)
        history.deliver(before=instant + dt.timedelta(days=1))
    measured.withdraw_one(on=on, at=at - dt.timedelta(hours=6))
    _give_benefits(plan, on, at)
    # The first purchases of a new card may bring the gifts of both.
    beside = {"stacks_with": [_EARLIER["code"]]}
    known = _approved({**_issued_until(plan, on), **beside}, on, at)
    flash.build_sales(version_id=known, tier=plan["rewards"]["tiers"][0]["code"], at=at)
    _submit_next(_issued_until(earlier, on), on, at)
    planning.load_campaign(
        text=yaml.safe_dump(_issued_until({**plan, **_DRAFT}, on), allow_unicode=True),
        owner=Staff.objects.get(username="campaign_manager"),
        at=at - dt.timedelta(days=1),
    )
    drafts.build_drafts(edited=known, on=on, at=at)
    _touch([plan["code"], _EARLIER["code"]], on=on, at=at)
    _group(plan, on, at)
    twice.make_known(
        of=_EARLIER["code"], group=grouped.CODES, at=at - dt.timedelta(days=_KNOWN_TWICE)
    )
    texts.permit_senders(on=on - dt.timedelta(days=400))
    texts.propose(at=at - dt.timedelta(hours=5))
    wording.decide_word(
        word="饕餮盛宴",
        state=WordState.FOUND,
        level=Level.CAUTION,
        source="合规部通知：宣扬铺张浪费的用语请改写",
        effective_date=on,
        actor=Staff.objects.get(username="compliance"),
        at=at,
    )


def join_partners(*, seed: str, on: dt.date, at: dt.datetime) -> None:
    """This will run joint campaigns that are over by `on`, with partners that were confirmed before
    them, let people buy there, and count what came of it."""
    plan: dict[str, Any] = yaml.safe_load(KNOWN_CASE.read_text(encoding="utf-8"))
    for own in joint.plans_of(plan, on=on):
        instant = joint.instant_of(own)
        _run(_approved(own, own["runs_from"], instant), RunKind.LIVE, own["runs_from"], instant)
        history.deliver(before=instant + dt.timedelta(days=1))
        joint.go_shopping(own, seed=seed, at=at)
    partners.count_returns(on=on, at=at)


def _give_benefits(plan: dict[str, Any], on: dt.date, at: dt.datetime) -> None:
    """Member benefits that were given six weeks ago, and what became of them since."""
    instant = at - dt.timedelta(days=_BENEFITS)
    own, day = benefits.plan_of(_issued_until(plan, on), on=on), clock.bank_day(instant)
    _run(_approved(own, day, instant), RunKind.LIVE, day, instant)
    history.deliver(before=instant + dt.timedelta(days=1))
    benefits.use_them(on=on, at=at)


def _group(plan: dict[str, Any], on: dt.date, at: dt.datetime) -> None:
    """Two campaigns of a group, run in their order some days ago."""
    instant = at - dt.timedelta(days=grouped.DAYS_AGO)
    day, beside = clock.bank_day(instant), campaigns.known_codes()
    grouped.open_group(at=instant)
    for own in grouped.plans_of(_issued_until(plan, on), beside=beside):
        _run(_approved(own, day, instant), RunKind.LIVE, day, instant)


def _touch(beside: list[str], *, on: dt.date, at: dt.datetime) -> None:
    """The known case step by step: approved some days ago, it gave its gifts, `beside` those of
    other campaigns, and told who was due something in the mornings since."""
    instant = at - dt.timedelta(days=touches.DAYS_LIVED)
    touches.add_texts(at=instant)
    day = clock.bank_day(instant)
    first = (on - dt.timedelta(days=touches.PAST_DAYS)).isoformat()
    own = _issued_until(touches.plan(), on) | {"issued_from": first, "runs_from": first}
    own["stacks_with"] = beside
    _run(_approved(own, day, instant), RunKind.LIVE, day, instant)
    touches.live(on=on)


def _issued_until(plan: dict[str, Any], on: dt.date) -> dict[str, Any]:
    """The plan for the cards issued in the eight months up to a day."""
    return {
        **plan,
        "issued_from": _months_before(on, _MONTHS),
        "issued_to": on + dt.timedelta(days=1),
        "runs_from": _months_before(on, _MONTHS),
        "runs_to": on + dt.timedelta(days=66),
    }


def _set_rules(day: dt.date) -> None:
    """What the bank set before its first campaign: who approves, how far things may move."""
    SubmissionRule.objects.create(
        effective_date=day,
        dry_run_days=7,
        audience_percent=20,
        audience_slack=50,
        cost_percent=20,
        cost_slack=5_000,
        source="信用卡中心活动审批办法",
    )
    EraRule.objects.create(
        effective_date=day, months=6, fewest_cards=10, known_percent=50, fewest_customers=20,
        pull_percent=50, batch_percent=10, reached_percent=15, partner_percent=40,
        source="信用卡中心业务阶段评估办法",
    )  # fmt: skip
    EffectRule.objects.create(
        effective_date=day, window_days=30, settle_days=3, fewest=400, tuned=2_000,
        error_percent=5, power_percent=80, cap=20_000, source="信用卡中心活动效果评估办法",
    )  # fmt: skip
    for measure, at_least, needed in _LEVELS:
        approvals.set_level(
            kind=APPROVAL_KIND, effective_date=day, measure=measure, at_least=at_least,
            approvals_needed=needed, source="信用卡中心活动审批办法",
        )  # fmt: skip


# From this cost (CNY) or audience on, so many people approve.
_LEVELS = (("cost", 20_000, 2), ("audience", 50_000, 3))


def _submitted(plan: dict[str, Any], on: dt.date, at: dt.datetime) -> int:
    maker = _person("campaign_manager")
    text = yaml.safe_dump(plan, allow_unicode=True)
    version = planning.load_campaign(text=text, owner=maker, at=at)
    _run(version.pk, RunKind.DRY_RUN, on, at)
    submission.submit_version(version_id=version.pk, maker=maker, at=at)
    return version.pk


def _approved(plan: dict[str, Any], on: dt.date, at: dt.datetime) -> int:
    version_id = _submitted(plan, on, at)
    for checker in ("approver", "compliance"):
        if _pending(version_id) is not None:
            _decide(version_id, checker, Verdict.APPROVE, "", at)
    return version_id


def _submit_next(plan: dict[str, Any], on: dt.date, at: dt.datetime) -> None:
    """A third version, with a larger gift: returned once, submitted again, and waiting."""
    tier = {**plan["rewards"]["tiers"][0], "value": 25, "stock": 1_500}
    version_id = _submitted({**plan, "rewards": {"tiers": [tier]}}, on, at)
    reason = "请说明奖品金额由15元提高到25元的依据。"
    _decide(version_id, "approver", Verdict.RETURN, reason, at + dt.timedelta(minutes=5))
    submission.submit_version(
        version_id=version_id, maker=_person("campaign_manager"), at=at + dt.timedelta(minutes=10)
    )


def _pending(version_id: int) -> Any:
    return (
        approval_queries.history_of(kind=APPROVAL_KIND, target_key=str(version_id))
        .filter(state="pending")
        .first()
    )


def _decide(version_id: int, checker: str, verdict: str, reason: str, at: dt.datetime) -> None:
    approvals.decide(
        submission_id=_pending(version_id).pk,
        checker=_person(checker),
        verdict=verdict,
        reason=reason,
        at=at,
    )


def _person(username: str) -> Staff:
    return Staff.objects.get(username=username)


def _run(version_id: int, kind: RunKind, on: dt.date, at: dt.datetime) -> None:
    maker = _person("campaign_manager")
    run = eligibility.start_run(version_id=version_id, kind=kind, on=on, started_by=maker, at=at)
    eligibility.work_run(run_id=run.pk, now=lambda: at)


def _months_before(day: dt.date, months: int) -> dt.date:
    """The first day of the month that lies `months` months before that of `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, 1)
