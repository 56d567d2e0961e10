"""What is told of counts: the present control group, warnings about the split, words and costs."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from campaigns.effect import queries
from campaigns.effect.enums import Known, Measure
from campaigns.models import EffectPlan
from tests.campaigns.effect import made
from tests.factories.merchants import MerchantFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
FIRST, DAY = made.FIRST, made.DAY


def a_plan(**values: Any) -> EffectPlan:
    rule = made.rule(fewest=400)
    return row_of("campaigns.EffectPlan", rule=rule, **values)  # type: ignore[no-any-return]


def told(plan: EffectPlan) -> queries.Effect:
    found = queries.effect_of(plan.campaign_id)
    assert found is not None
    return found


def test_days_add_up_under_the_present_control_group_alone() -> None:
    plan = a_plan()
    many = made.of_many
    made.counted(
        plan, on=FIRST, percent=10, reached=many(0.9, people=900), held=many(0.1, people=90)
    )
    for day in (1, 2):
        made.counted(
            plan, on=FIRST + day * DAY, reached=many(0.3, people=1_000),
            held=many(0.2, people=250, crossed=2),
        )  # fmt: skip
    sums = queries.sums_of([plan.campaign_id])[plan.campaign_id]
    assert (sums.percent, sums.changed, sums.crossed) == (20, FIRST, 4)
    assert (sums.reached.people, sums.reached.converted) == (2_000, 600)
    assert (sums.held.people, sums.held.amount, sums.held.squares) == (500, 10_000, 1_000_000)
    effect = told(plan)
    assert (effect.main.reached, effect.main.held) == (0.3, 0.2)
    with translation.override("en"):
        assert queries.warnings_of(effect) == [
            f"The control group was changed: only those who entered after {FIRST} are compared.",
            "Drawn to the other side later: 4. They count on the side that was drawn first.",
        ]


def test_whoever_is_still_watched_counts_for_the_split_and_not_for_outcomes() -> None:
    plan = a_plan()
    made.counted(plan, reached=made.of_many(0.3, people=2_000), held=made.of_many(0.2, people=500))
    nothing = {"people": 80, "is_ripe": False}
    made.counted(plan, on=FIRST + DAY, reached=nothing, held={**nothing, "people": 20})
    effect = told(plan)
    assert (effect.drawn.reached, effect.drawn.held) == (2_080, 520)
    assert (effect.main.reached_people, effect.main.held_people) == (2_000, 500)
    assert (effect.sums.reached.waiting, effect.sums.held.waiting) == (80, 20)


def test_small_groups_say_how_many_are_needed() -> None:
    plan = a_plan()
    made.counted(plan, reached=made.of_many(0.3, people=172), held=made.of_many(0.3, people=43))
    with translation.override("en"):
        assert queries.verdict_of(told(plan)) == (
            "Conversion: Not enough yet: 43 of 400 needed in the control group."
        )


def test_no_control_group_says_so() -> None:
    plan = a_plan()
    made.counted(plan, percent=0, reached=made.of_many(0.3, people=5_000))
    effect = told(plan)
    assert (effect.has_control, effect.main.known) == (False, Known.NO_CONTROL)
    with translation.override("en"):
        assert queries.sentences_of(effect) == [
            "No control group: what would have happened without the campaign is not known. Set one"
            " in the next version."
        ]
        assert queries.warnings_of(effect) == []


def test_sides_that_no_draw_would_make_are_warned_of_and_not_compared() -> None:
    plan = a_plan()
    made.counted(plan, reached=made.of_many(0.3, people=5_000), held=made.of_many(0.2, people=900))
    effect = told(plan)
    assert {one.known for one in effect.measures.values()} == {Known.NOT_AS_DRAWN}
    with translation.override("en"):
        [warning] = queries.warnings_of(effect)
    assert warning.startswith(
        "The sides are not as drawn: 900 in the control group beside 5000 others, where a draw of"
        " 20 % would leave out about 1180 (chi-square 83.1;"
    )


def test_sides_that_differed_before_are_warned_of() -> None:
    plan = a_plan()
    made.counted(
        plan, reached=made.of_many(0.3, people=2_000, active_before=900),
        held=made.of_many(0.2, people=500),
    )  # fmt: skip
    effect = told(plan)
    assert effect.unbalanced == [Measure.ACTIVATION]
    with translation.override("en"):
        [warning] = queries.warnings_of(effect)
    assert warning == (
        "Card in use: the sides differed before the campaign could have made them. The split itself"
        " is not sound; do not trust the figures below."
    )


def test_a_few_persons_with_large_sums_are_warned_of() -> None:
    plan = a_plan()
    few = {"amount": 400_000, "squares": 400_000_000}
    made.counted(
        plan, reached=made.of_many(0.25, people=2_000, **few), held=made.of_many(0.25, people=500)
    )
    effect = told(plan)
    with translation.override("en"):
        said = queries.warnings_of(effect)
    assert [one.partition(":")[0] for one in said] == ["Spending"]


def test_an_extra_active_card_is_told_with_what_it_cost() -> None:
    plan = a_plan()
    made.counted(plan, **made.both())
    early = {"reached": {"people": 2_000}, "held": {"people": 100}}
    made.counted(plan, on=FIRST - DAY, percent=5, **early)
    version = row_of("campaigns.CampaignVersion", campaign=plan.campaign)
    book = row_of("campaigns.BudgetBook", campaign=plan.campaign, version=version)
    row_of(
        "campaigns.BudgetLimit", book=book, kind="campaign", key="", used=Decimal(12_000),
        planned=None, most=None,
    )  # fmt: skip
    effect = told(plan)
    assert effect.cost == 12_000
    assert effect.extra is not None
    assert effect.extra.value == pytest.approx(12_000 / 6_000 / 0.1)
    lift = effect.measures[Measure.ACTIVATION].lift
    assert lift is not None
    assert effect.extra.low == pytest.approx(2 / lift.by.high)
    assert effect.extra.high == pytest.approx(2 / lift.by.low)
    with translation.override("en"):
        assert queries.cost_words(effect).startswith("Cost of an extra active card: ¥20 (¥")


def test_joint_campaigns_are_found_by_their_partner_and_those_merged_into_it() -> None:
    from tests.factories import campaigns as plans

    shop, other = MerchantFactory(), MerchantFactory()
    joint = plans.draft(code="joint", merchants=[shop.number])
    plans.draft(code="alone")
    plan = a_plan(campaign=joint.campaign)
    assert [one.plan for one in queries.effects_at(shop.pk)] == [plan]
    assert queries.effects_at(other.pk) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_everything_is_said_in_both_languages(language: str) -> None:
    plan = a_plan()
    made.counted(plan, **made.both())
    with translation.override(language):
        said = [
            *queries.sentences_of(told(plan)),
            *(two for _one, two in queries.definition_of(plan)),
        ]
    assert all("{" not in one for one in said)
    is_chinese = [any("一" <= letter <= "鿿" for letter in one) for one in said]
    assert set(is_chinese) == {language != "en"}
