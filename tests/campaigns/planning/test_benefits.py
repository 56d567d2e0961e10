"""How often and until when a benefit is used: read, written, published, and checked."""

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from campaigns.planning.rules import linting, plans, wording
from campaigns.planning.rules.benefits import Terms
from campaigns.wording.rules import lexicon_of
from tests.factories.campaigns import DISCLOSURE, ON, PLAN
from tests.factories.rewards import tier

JULY = dt.date(2026, 7, 31)


def plan_with(*tiers: dict[str, Any], **changes: Any) -> plans.Plan:
    raw = {name: value for name, value in PLAN.items() if name != "code"}
    return plans.read_plan(raw | {"rewards": {"mode": "each", "tiers": list(tiers)}} | changes)


def lounge(**terms: Any) -> dict[str, Any]:
    return tier("lounge", kind="benefit", benefit=terms)


@pytest.mark.parametrize(
    "terms", [{"uses": 1, "days": 1}, {"uses": 365, "days": 3650}, {"uses": 2, "until": JULY}]
)
def test_terms_are_read_and_written_as_they_were(terms: dict[str, Any]) -> None:
    plan = plan_with(lounge(**terms))
    (found,) = plan.rewards.tiers
    assert plan.terms_of(found) == Terms(**terms)
    assert plans.plan_of(plan.as_content()) == plan


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (lounge(uses=0, days=1), "rewards.tiers[0].benefit.uses"),
        (lounge(uses=366, days=1), "rewards.tiers[0].benefit.uses"),
        (lounge(days=1), "rewards.tiers[0].benefit.uses"),
        (lounge(uses=1), "rewards.tiers[0].benefit"),
        (lounge(uses=1, days=1, until=JULY), "rewards.tiers[0].benefit"),
        (lounge(uses=1, days=0), "rewards.tiers[0].benefit.days"),
        (lounge(uses=1, days=1, hours=1), "rewards.tiers[0].benefit.hours"),
        (tier(benefit={"uses": 1, "days": 1}), "rewards.tiers[0].benefit"),
    ],
)
def test_what_is_wrong_is_named(raw: dict[str, Any], place: str) -> None:
    with pytest.raises(plans.PlanWrong) as wrong:
        plan_with(raw)
    assert [one.partition(": ")[0] for one in wrong.value.problems] == [place]


def test_without_terms_it_is_used_once_in_the_time_of_all_rewards() -> None:
    plan = plan_with(tier(kind="benefit"), tier("gift", kind="gift"))
    benefit, gift = plan.rewards.tiers
    assert (plan.terms_of(benefit), plan.terms_of(gift)) == (Terms(1, 90), None)


@pytest.mark.parametrize(
    ("terms", "end"),
    [
        (Terms(1, days=1), dt.date(2026, 7, 2)),
        (Terms(1, days=30), dt.date(2026, 7, 31)),
        (Terms(1, until=JULY), dt.date(2026, 8, 1)),
        (Terms(1), None),
    ],
)
def test_the_end_is_the_first_day_on_which_it_is_used_no_more(
    terms: Terms, end: dt.date | None
) -> None:
    assert terms.end_for(ON) == end


@pytest.mark.parametrize(("day", "is_over"), [(JULY, False), (dt.date(2026, 8, 1), True)])
def test_what_ends_with_a_day_is_over_after_it(day: dt.date, is_over: bool) -> None:
    assert Terms(1, until=JULY).is_over(day) == is_over
    assert not Terms(1, days=1).is_over(day)


def published(plan: plans.Plan) -> list[str]:
    with translation.override("en"):
        sections = wording.sections(plan, wording.Names())
        (found,) = [one for one in sections if one.title == "How and when to redeem"]
        return [clause.text for clause in found.clauses]


def test_customers_read_until_when_and_how_it_is_redeemed() -> None:
    with_days = lounge(uses=3, days=90) | {"name_en": "Lounge"}
    until = tier("film", kind="benefit", name_en="Film", benefit={"uses": 1, "until": JULY})
    how = DISCLOSURE["redeem_en"]
    own = [
        "Lounge: uses in all: 3; to be used no later than day 90 after it was granted. What was "
        "not used by then is forfeited.",
        "Film: uses in all: 1; to be used until 2026-07-31, that day included. What was not used "
        "by then is forfeited.",
    ]
    assert published(plan_with(with_days, until)) == [how, *own]
    rest = "Every other reward is redeemed no later than day 90 after it was granted."
    assert published(plan_with(with_days, until, tier())) == [how, *own, rest]
    plain = "It is redeemed no later than day 90 after it was granted."
    assert published(plan_with(tier())) == [how, plain]


def faults(plan: plans.Plan) -> set[str]:
    around = linting.Around(on=ON, words=lexicon_of(ON))
    return {one.place for one in linting.lint(plan, around)}


@pytest.mark.parametrize(
    ("end", "is_late"), [(dt.date(2026, 8, 1), False), (dt.date(2026, 8, 2), True)]
)
def test_what_is_granted_must_be_usable_that_day(end: dt.date, is_late: bool) -> None:
    plan = plan_with(lounge(uses=1, until=JULY), runs_to=end)
    assert ("rewards.tiers[0].benefit" in faults(plan)) == is_late


def test_days_for_all_are_asked_for_only_where_a_tier_has_none() -> None:
    without = {**DISCLOSURE, "redeem_days": None}
    assert "disclosure.redeem_days" not in faults(
        plan_with(lounge(uses=1, days=9), disclosure=without)
    )
    assert "disclosure.redeem_days" in faults(
        plan_with(lounge(uses=1, days=9), tier(), disclosure=without)
    )
