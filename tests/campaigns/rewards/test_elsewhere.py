"""Campaigns that rule out one another: who has had something of the one is given nothing of the
other, in whatever order they decided, settled, sold and took back."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import queries as decided
from campaigns.eligibility.operations import closing
from campaigns.eligibility.operations.settling import settle_run
from campaigns.eligibility.operations.working import decide_chunk
from campaigns.flash import operations as flash
from campaigns.flash.enums import ClaimAnswer as A
from campaigns.models import CampaignVersion, Decision, Grant, LowerTier, Run
from campaigns.planning.rules import plans
from campaigns.rewards import operations as rewards
from campaigns.rewards import rules
from campaigns.rewards.rules import Candidate
from journeys.models import Card
from tests.campaigns.rewards.test_reopening import day, refund
from tests.factories import flash as factory
from tests.factories.campaigns import AT, ON, PLAN, RULE, TIER, approved, card_in_use, dry_run
from tests.factories.journeys import DAY
from tests.factories.rewards import ask, candidate, run_of, tier, used_card

pytestmark = pytest.mark.django_db

YESTERDAY = ON - dt.timedelta(days=1)
SPENT = RULE["all"][3]
MORE = SPENT | {"at_least": "1000.00"}


def no(*codes: str) -> dict[str, Any]:
    return {"kind": "not_in_campaign", "campaigns": list(codes)}


def campaign(code: str, rule: Any = None, **changes: Any) -> CampaignVersion:
    return approved(code=code, name=code, name_en=code, rule=rule or RULE, **changes)


def two() -> list[CampaignVersion]:
    """Two campaigns each of which gives only to who has nothing of the other."""
    campaign("b")
    return [
        campaign("a", {"all": [*RULE["all"], no("b")]}),
        campaign("b", {"all": [*RULE["all"], no("a")]}),
    ]


def started(version: CampaignVersion, on: dt.date = ON, at: dt.datetime = AT) -> Run:
    return eligibility.start_run(version_id=version.pk, kind="live", on=on, started_by=None, at=at)


def worked(run: Run, at: dt.datetime = AT) -> Run:
    eligibility.work_run(run_id=run.pk, now=lambda: at)
    run.refresh_from_db()
    return run


def given_by(code: str, card: Card, *, granted_date: dt.date = ON) -> Grant:
    """A reward of another campaign."""
    version = CampaignVersion.objects.filter(campaign__code=code).last() or campaign(code)
    return Grant.objects.create(
        campaign=version.campaign, version=version, run=run_of(version), reward="first-gift",
        customer=card.customer, card=card, amount=1, granted_date=granted_date, granted_at=AT,
    )  # fmt: skip


def answers_in(run: Run) -> list[str]:
    rows = Decision.objects.filter(run=run).order_by("customer_id")
    return list(rows.values_list("award", flat=True))


def test_runs_as_of_a_day_before_either_gave_anything_do_not_both_give() -> None:
    versions = two()
    card_in_use()
    assert [answers_in(worked(started(one, YESTERDAY))) for one in versions] == [
        ["granted"], ["had_elsewhere"],
    ]  # fmt: skip


@pytest.mark.parametrize("first", [0, 1])
def test_whoever_was_started_first_gives_whichever_is_settled_first(first: int) -> None:
    versions = two()
    card_in_use(), card_in_use()
    runs = [started(one) for one in versions]
    for run in runs:
        for chunk in run.chunks.all():
            decide_chunk(chunk.pk, lambda: AT)
    for run in (runs[first], runs[1 - first], runs[first]):
        settle_run(run.pk, lambda: AT)
        closing.close_if_finished(run_id=run.pk, at=AT)
    assert [answers_in(run) for run in runs] == [["granted"] * 2, ["had_elsewhere"] * 2]
    assert Grant.objects.count() == 2


# The rule beside what it would say if it were asked on the day of the grant.
SHAPES: dict[str, tuple[Any, str]] = {
    "all": ({"all": [SPENT, no("b")]}, "had_elsewhere"),
    "alone": (no("b"), "had_elsewhere"),
    "several": ({"all": [SPENT, no("x", "b")]}, "had_elsewhere"),
    "not named": ({"all": [SPENT, no("x")]}, "granted"),
    "another branch holds": ({"any": [no("b"), SPENT]}, "granted"),
    "no branch holds": ({"any": [no("b"), MORE]}, "had_elsewhere"),
    "inside": ({"all": [SPENT, {"any": [{"all": [no("b"), SPENT]}, MORE]}]}, "had_elsewhere"),
    "not both": ({"not": {"all": [no("b"), MORE]}}, "granted"),
    "not either": ({"not": {"any": [{"not": no("b")}, MORE]}}, "had_elsewhere"),
    "asked for": ({"any": [SPENT, {"not": no("b")}]}, "granted"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_only_a_rule_that_fails_by_it_refuses(shape: str) -> None:
    rule, answer = SHAPES[shape]
    campaign("b"), campaign("x")
    version = campaign("a", rule)
    card = card_in_use()
    given_by("b", card)
    assert answers_in(worked(started(version, YESTERDAY))) == [answer]
    # It is what a decision of the day itself comes to.
    anew = Decision.objects.get(run=dry_run(version))
    assert anew.is_qualified == (answer == "granted")


LEAVES = [SPENT, MORE, no("b"), no("c"), no("b", "c"), {"kind": "activated"}]
TREES = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=6,
)


def truth(rule: Any, met: set[str], had: set[str]) -> bool:
    """The plain meaning of a rule of these leaves."""
    if "kind" in rule:
        if rule["kind"] == "not_in_campaign":
            return not had & set(rule["campaigns"])
        return repr(rule) in met
    ((join, parts),) = rule.items()
    if join == "not":
        return not truth(parts, met, had)
    found = [truth(part, met, had) for part in parts]
    return all(found) if join == "all" else any(found)


def leaves_of(rule: Any) -> list[Any]:
    if "kind" in rule:
        return [rule]
    ((_join, parts),) = rule.items()
    return [leaf for part in ([parts] if "kind" in parts or isinstance(parts, dict) else parts)
            for leaf in leaves_of(part)]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    rule=TREES,
    needs=st.lists(st.one_of(st.none(), TREES), min_size=1, max_size=3),
    met=st.sets(st.sampled_from([repr(one) for one in LEAVES])),
    before=st.sets(st.sampled_from("bc")),
    since=st.sets(st.sampled_from("bc")),
)
def test_tiers_that_are_left_are_those_of_a_decision_made_anew(
    rule: Any, needs: list[Any], met: set[str], before: set[str], since: set[str]
) -> None:
    tiers = [tier(f"t{at}", f"{at + 1}.00", needs=one) for at, one in enumerate(needs)]
    plan = plans.read_plan(
        {name: one for name, one in PLAN.items() if name != "code"}
        | {"rule": rule, "rewards": {"mode": "each", "tiers": tiers}}
    )

    def reached(had: set[str]) -> list[int]:
        if not truth(rule, met, had):
            return []
        return [at for at, one in enumerate(needs) if one is None or truth(one, met, had)]

    then = reached(before)
    facts = [leaf for one in (rule, *needs) if one is not None for leaf in leaves_of(one)]
    one = Candidate(1, 1, 1, tuple(then), met=tuple(truth(leaf, met, before) for leaf in facts))
    now = rules.still_reached(plan, one, before | since)
    assert list(now) == [at for at in reached(before | since) if at in then]


def test_of_whom_it_is_not_known_what_was_decided_nothing_is_granted() -> None:
    campaign("b")
    version = campaign("a", {"any": [no("b"), SPENT]})
    had, new = used_card(), used_card()
    given_by("b", had)
    found = ask(version, [candidate(had), candidate(new)])
    assert [one.answer for one in found] == ["had_elsewhere", "granted"]


def test_a_tier_that_asks_for_it_is_left_out_and_a_lower_one_given() -> None:
    campaign("b")
    tiers = [TIER | {"code": "low"}, TIER | {"code": "high", "value": "20.00", "needs": no("b")}]
    version = campaign("a", rewards={"mode": "highest", "tiers": tiers})
    had, new = card_in_use(), card_in_use()
    given_by("b", had)
    worked(started(version, YESTERDAY))
    found = Grant.objects.filter(campaign=version.campaign).order_by("customer_id")
    assert [(one.customer_id, one.reward) for one in found] == [
        (had.customer_id, "low"), (new.customer_id, "high"),
    ]  # fmt: skip


def test_what_was_taken_back_counts_as_the_condition_counts_it() -> None:
    campaign("b", SPENT)
    version = campaign("a", {"all": [{"kind": "activated"}, no("b")]})
    card = card_in_use(issued_date=DAY)
    b = CampaignVersion.objects.get(campaign__code="b")
    run = run_of(b)
    assert [one.answer for one in ask(b, [candidate(card)], run=run)] == ["granted"]
    refund(card, "600.00", day(10))
    assert rewards.reopen_grants(on=ON, at=AT) == 1
    assert answers_in(worked(started(version, YESTERDAY))) == ["had_elsewhere"]
    assert Decision.objects.get(run=dry_run(version)).outcome == "not_qualified"


def test_who_has_the_reward_keeps_it_and_gets_no_higher_one() -> None:
    campaign("b")
    rule = {"all": [{"kind": "activated"}, no("b")]}
    tiers = [tier("low", "5.00"), tier("high", "20.00")]
    version = campaign("a", rule, rewards={"mode": "highest", "tiers": tiers})
    card = used_card()
    one = candidate(card)
    assert ask(version, [one])[0].answer == "granted"
    given_by("b", card)
    met = Candidate(one.customer_id, one.card_id, one.branch_id, (0, 1), met=(True, True))
    (found,) = ask(version, [met])
    assert (found.answer, found.tiers) == ("had_before", ())


@pytest.mark.parametrize("is_back_test", [False, True])
def test_reckoning_goes_by_the_day_it_reckons_for(is_back_test: bool) -> None:
    campaign("b")
    version = campaign("a", {"all": [SPENT, no("b")]})
    card = card_in_use()
    given_by("b", card)
    if is_back_test:
        run = eligibility.start_run(
            version_id=version.pk, kind="back_test", on=YESTERDAY, started_by=None, at=AT,
            first=YESTERDAY,
        )  # fmt: skip
        eligibility.work_run(run_id=run.pk, now=lambda: AT)
        assert answers_in(run) == ["granted"]
    else:
        run = dry_run(version, on=YESTERDAY)
        assert answers_in(run) == ["had_elsewhere"]
        live = worked(started(version, YESTERDAY))
        assert answers_in(live) == answers_in(run)
    run.refresh_from_db()
    checks = {one.code: one.failed for one in decided.figures_of(run).checks}
    assert checks.get("had_elsewhere", 0) == (0 if is_back_test else 1)


def test_pages_say_so(client_of: Any) -> None:
    campaign("b")
    version = campaign("a", {"all": [SPENT, no("b")]})
    card = card_in_use()
    given_by("b", card)
    run = worked(started(version, YESTERDAY))
    client = client_of("campaign_manager")
    client.post(reverse("set_language"), {"language": "en"})
    said = "Had the reward of a campaign that rules this one out"
    pages = [
        reverse("run_page", args=[run.pk]),
        reverse("decision_page", args=[Decision.objects.get(run=run).pk]),
        reverse("customer_receipts", args=[card.customer.number]),
    ]
    for page in pages:
        assert said in client.get(page).content.decode(), page


def test_a_flash_sale_refuses_at_the_claim_and_at_the_confirmation() -> None:
    campaign("b")
    rule = {"all": [SPENT, no("b")]}
    sale = factory.open_sale(5, run=factory.finished_run(factory.version_to_sell(rule=rule)))
    before, since, free = factory.qualified(sale, 3)
    Decision.objects.filter(run=sale.run).update(facts=[[True, "600.00"], [True, []]])
    at = sale.created_at
    given_by("b", Card.objects.get(customer__number=before), granted_date=sale.run.on_date)
    told = flash.claim(sale=sale, numbers=[before, since, free], at=at)
    assert [one.answer for one in told] == [A.HAD_ELSEWHERE, A.HELD, A.HELD]
    given_by("b", Card.objects.get(customer__number=since), granted_date=sale.run.on_date)
    told = flash.confirm(sale=sale, numbers=[since, free], at=at)
    assert [one.answer for one in told] == [A.HAD_ELSEWHERE, A.GRANTED]
    assert Grant.objects.filter(campaign=sale.version.campaign).get().customer.number == free


@pytest.mark.parametrize("since", [False, True])
def test_no_lower_tier_is_given_to_who_has_had_something_since(since: bool) -> None:
    campaign("b")
    tiers = [tier("low", "5.00"), tier("high", "20.00", needs=MORE)]
    rule = {"all": [SPENT, no("b")]}
    version = campaign("a", rule, rewards={"mode": "highest", "tiers": tiers})
    card = card_in_use("1100.00", issued_date=DAY)
    at = AT - (ON - day(10))
    run = worked(started(version, day(10), at), at)
    assert answers_in(run) == ["granted"]
    if since:
        given_by("b", card)
    refund(card, "200.00", day(20))
    assert rewards.reopen_grants(on=ON, at=AT) == 1
    assert LowerTier.objects.get().answer == ("had_elsewhere" if since else "granted")
