"""What customers read is written from the plan: read back, it says the same limits."""

import datetime as dt
import re
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from campaigns.planning.enums import RewardKind
from campaigns.planning.rules import plans, wording
from tests.factories.campaigns import DISCLOSURE, PLAN, TIER, draft

DAY = dt.timedelta(days=1)
AMOUNTS = st.integers(1, 10_000_000).map(lambda cents: str(Decimal(cents) / 100))
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2029, 12, 31))
SPANS = st.tuples(DAYS, st.integers(1, 400)).map(lambda two: (two[0], two[0] + two[1] * DAY))


@st.composite
def raw_plans(draw: Any) -> dict[str, Any]:
    issued, runs = draw(SPANS), draw(SPANS)
    window = {
        "kind": "spending_in_window", "days": draw(st.integers(1, 3650)),
        "last_day": draw(st.sampled_from(["inside", "outside"])), "at_least": draw(AMOUNTS),
    }  # fmt: skip
    within = {"kind": "issued_within", "days": draw(st.integers(0, 3650))}
    given_tiers = [
        TIER | {
            "code": f"t{number}",
            "value": draw(AMOUNTS),
            "stock": draw(st.none() | st.integers(1, 100_000)),
            "budget": draw(st.none() | AMOUNTS),
            "kind": "points",
            "points": draw(st.integers(1, 1_000_000)),
            "needs": draw(st.none() | st.just(window | {"at_least": draw(AMOUNTS)})),
        }
        for number in range(draw(st.integers(1, 4)))
    ]  # fmt: skip
    limits = {name: draw(st.none() | AMOUNTS) for name in ("total", "per_day", "per_customer")}
    return {name: value for name, value in PLAN.items() if name != "code"} | {
        "issued_from": issued[0], "issued_to": issued[1], "runs_from": runs[0], "runs_to": runs[1],
        "rule": {"all": [within, {"kind": "activated"}, window]},
        "rewards": {"mode": draw(st.sampled_from(["highest", "each"])), "tiers": given_tiers},
        "budget": limits,
        "control_percent": draw(st.integers(0, 50)),
        "disclosure": DISCLOSURE | {"redeem_days": draw(st.none() | st.integers(1, 3650))},
    }  # fmt: skip


def said(text: str) -> dict[str, Counter[Any]]:
    """Days, sums and other numbers that stand in a text."""
    days = re.findall(r"\d{4}-\d{2}-\d{2}", text)
    text = re.sub(r"\d{4}-\d{2}-\d{2}", " ", text)
    sums = re.findall(r"¥([\d,]+(?:\.\d+)?)", text)
    text = re.sub(r"¥[\d,]+(?:\.\d+)?", " ", text)
    numbers = re.findall(r"\d[\d,]*", text)
    return {
        "days": Counter(map(dt.date.fromisoformat, days)),
        "sums": Counter(Decimal(one.replace(",", "")) for one in sums),
        "numbers": Counter(int(one.replace(",", "")) for one in numbers),
    }


def meant(plan: plans.Plan) -> dict[str, Counter[Any]]:
    """The same of the plan itself."""
    window, within = plan.as_content()["rule"]["all"][2], plan.as_content()["rule"]["all"][0]
    needs = [tier["needs"] for tier in plan.rewards.as_data()["tiers"] if tier["needs"]]
    budget = (plan.budget.total, plan.budget.per_day, plan.budget.per_customer)
    # A tier's own budget is said where it can be what refuses somebody.
    budgets = [
        tier.budget for tier in plan.rewards.tiers
        if tier.budget is not None
        and (tier.stock is None or tier.stock * tier.value > tier.budget)
        and (plan.budget.total is None or plan.budget.total > tier.budget)
    ]  # fmt: skip
    numbers = [
        within["days"], window["days"], *(one["days"] for one in needs),
        *(tier.points for tier in plan.rewards.tiers), *(tier.stock for tier in plan.rewards.tiers),
        plan.control_percent or None, plan.disclosure.redeem_days,
    ]  # fmt: skip
    sums = [
        window["at_least"], *(one["at_least"] for one in needs),
        *(tier.value for tier in plan.rewards.tiers), *budget, *budgets,
    ]  # fmt: skip
    return {
        "days": Counter([plan.issued_from, plan.issued_to - DAY, plan.runs_from,
                         plan.runs_to - DAY]),  # type: ignore[operator]
        "sums": Counter(Decimal(one) for one in sums if one is not None),
        "numbers": Counter(one for one in numbers if one is not None),
    }  # fmt: skip


@given(raw_plans(), st.sampled_from(wording.LANGUAGES))
def test_the_text_read_back_says_the_plans_days_sums_and_numbers(
    raw: dict[str, Any], language: str
) -> None:
    plan = plans.read_plan(raw)
    assert said(wording.full_text(plan, wording.Names(), language)) == meant(plan)


PARTS = {
    "en": ["Who may take part", "Time", "Conditions", "Rewards: kind, value and number",
           "How and when to redeem", "When a reward is forfeited", "Messages", "Organiser"],
    "zh-hans": ["参加对象", "时间", "条件", "奖励的种类、价值和数量", "领取方式和期限",
                "视为放弃的情形", "消息", "主办方"],
}  # fmt: skip


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_every_part_that_must_be_published_is_there_by_its_name(language: str) -> None:
    plan = plans.read_plan({name: value for name, value in PLAN.items() if name != "code"})
    with translation.override(language):
        parts = wording.sections(plan, wording.Names())
    assert [one.title for one in parts] == PARTS[language]
    own = "_en" if language == "en" else ""
    at = dict(zip(("redeem", "forfeit", "organiser"), (4, 5, 7), strict=True))
    for name, place in at.items():
        assert parts[place].clauses[0].text == DISCLOSURE[f"{name}{own}"]
    empty = plans.read_plan(
        {name: value for name, value in PLAN.items() if name not in ("code", "disclosure")}
        | {"runs_from": None, "runs_to": None}
    )
    with translation.override(language):
        left = [one.title for one in wording.sections(empty, wording.Names())]
    missing = {PARTS[language][place] for place in (1, *at.values())}
    assert left == [title for title in PARTS[language] if title not in missing]


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_the_kind_of_each_reward_is_published(language: str) -> None:
    more = {"points": {"points": 500}, "multiple": {"points": 500, "times": 2, "spending": {
        "days": 9, "last_day": "inside", "at_least": 5}}}  # fmt: skip
    texts = set()
    for kind in RewardKind:
        tier = TIER | {"kind": kind.value} | more.get(kind.value, {})
        plan = plans.read_plan({name: value for name, value in PLAN.items() if name != "code"}
                               | {"rewards": {"tiers": [tier]}})  # fmt: skip
        with translation.override(language):
            (section,) = [one for one in wording.sections(plan, wording.Names())
                          if one.clauses[0].text.startswith(str(kind.label))]  # fmt: skip
            texts.add(section.clauses[0].text)
    assert len(texts) == len(RewardKind)


@pytest.mark.django_db
def test_the_page_holds_both_languages_the_readers_first(client_of: Any) -> None:
    version = draft()
    client = client_of("approver")
    url = reverse("campaign_disclosure", args=[version.pk])
    page = client.get(url)
    assert [language for language, *_rest in page.context["written"]] == ["zh-hans", "en"]
    said_there = page.content.decode()
    assert DISCLOSURE["redeem"] in said_there
    assert DISCLOSURE["redeem_en"] in said_there
    client.post(reverse("set_language"), {"language": "en"})
    english = client.get(url)
    assert [language for language, *_rest in english.context["written"]] == ["en", "zh-hans"]
