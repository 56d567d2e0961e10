"""People who share an ID number, in previews, dry runs and back-tests: what is said beforehand is
what the live runs then give, to the last customer and cent."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from campaigns.eligibility import queries
from campaigns.eligibility import rules as eligibility_rules
from campaigns.models import CampaignVersion, Decision, ExclusiveGroup, Grant, Run
from journeys.models import Card
from tests.campaigns.rewards.test_bearers import is_known, rows_for
from tests.campaigns.rewards.test_elsewhere import SPENT, campaign, no
from tests.campaigns.rewards.test_groups import group
from tests.campaigns.rewards.test_late_spending import LADDERS
from tests.campaigns.rewards.test_multiples import USED, ran
from tests.campaigns.rewards.test_trials import FIRST, equal_to_live, happen, used
from tests.factories.campaigns import ON, card_in_use
from tests.factories.rewards import ask, candidate, tier, version_with

pytestmark = pytest.mark.django_db
ONE = dt.timedelta(days=1)
IDS = ("440305198806150034", "440305199001010017", "440305199001010025")
LOW, HIGH = tier("low", "10.00"), tier("high", "25.00", needs=SPENT | {"at_least": "900.00"})
# Whose card is whose person's, beginning with the lowest customer number.
PEOPLE = st.lists(st.sampled_from([0, 1, 2, None]), min_size=6, max_size=6)
SPENDS = st.lists(st.sampled_from(["600.00", "1000.00", "100.00"]), min_size=6, max_size=6)
SOME = st.sets(st.integers(0, 5), max_size=3)
LIMITS = st.sampled_from([
    {"total": "1000.00"}, {"total": "45.00"}, {"total": "1000.00", "per_customer": "25.00"},
    {"total": "1000.00", "per_customer": "30.00"},
    {"total": "1000.00", "shares": {"bank": "66.66", "M1": "33.34"}},
])  # fmt: skip
CASES: dict[str, dict[str, Any]] = {
    "groups": {"rule": SPENT},
    "not_in_campaign": {"rule": {"all": [SPENT, no("b")]}},
    "not_in_campaign or more": {
        "rule": {"any": [{"all": [SPENT, no("b")]}, SPENT | {"at_least": "900.00"}]},
    },
    "limits alone": {"rule": SPENT},
}  # fmt: skip
SETTINGS: dict[str, Any] = {
    "suppress_health_check": list(HealthCheck), "database": None,
    "phases": [Phase.explicit, Phase.generate],
}  # fmt: skip


def known_as(cards: Sequence[Card], people: Sequence[int | None]) -> None:
    for person, number in enumerate(IDS):
        is_known(*(card for card, of in zip(cards, people, strict=True) if of == person),
                 number=number)  # fmt: skip


def campaigns_of(case: str, *tiers: dict[str, Any], **plan: Any) -> tuple[Any, CampaignVersion]:
    """Another campaign that may stand in the way, and the one that is looked at."""
    named = group(5) if case == "groups" else None
    own = {"group": named.code} if named else {}
    other = campaign("b", **own)
    version = version_with(*tiers, code="a", **own, **CASES[case], **plan)
    return other, version


def gave(other: CampaignVersion, cards: Sequence[Card], on: dt.date) -> None:
    """What another campaign gave to numbers of which nobody knew that they are one person's."""
    more: dict[str, Any] = {}
    if code := other.content.get("group"):
        named = ExclusiveGroup.objects.get(code=code)
        more = {"group": named, "held": (on, on + named.days * ONE)}
    Grant.objects.bulk_create(rows_for(other, *cards, granted_date=on, **more))


def limits_used(version: CampaignVersion, run: Run | None) -> dict[tuple[str, str], Decimal]:
    """But for customers, of whom a run's own account knows those alone whom it asked about."""
    return {key: sum_ for key, sum_ in used(version, run).items() if key[0] != "customer"}


def said(run: Run) -> list[tuple[Any, ...]]:
    rows = Decision.objects.filter(run=run).order_by("customer")
    return list(rows.values_list("customer", "outcome", "failed_at", "facts", "reached", "award",
                                 "awarded", "given", "other"))  # fmt: skip


@pytest.mark.parametrize("mode", ["each", "highest"])
@pytest.mark.parametrize("case", CASES)
def test_a_dry_run_is_the_live_run_of_its_evening(
    case: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In several chunks; some have something of the campaign, or of another one, from before it was
    known that they are one person."""
    monkeypatch.setattr(eligibility_rules, "SMALLEST_CHUNK", 2)

    @settings(max_examples=5, **SETTINGS)
    @given(people=PEOPLE, spends=SPENDS, had=SOME, elsewhere=SOME, limits=LIMITS)
    @example(people=[0, 0, 1, 1, None, 0], spends=["600.00", "1000.00"] * 3, had={0, 1},
             elsewhere={2}, limits={"total": "1000.00", "per_customer": "30.00"})  # fmt: skip
    @example(people=[0, 1, 0, 1, 2, 2], spends=["1000.00"] * 6, had={3}, elsewhere={0, 5},
             limits={"total": "45.00"})  # fmt: skip
    @example(people=[2, 1, 1, 2, 1, 2], spends=["1000.00"] * 6, had={2, 3, 5}, elsewhere={0, 1},
             limits={"total": "1000.00"})  # fmt: skip
    def compare(
        people: list[int | None], spends: list[str], had: set[int], elsewhere: set[int],
        limits: dict[str, Any],
    ) -> None:  # fmt: skip
        with transaction.atomic():
            other, version = campaigns_of(case, LOW, HIGH, mode=mode, budget=limits)
            cards = [card_in_use(spent) for spent in spends]
            before = [candidate(cards[who]) for who in sorted(had - elsewhere)]
            ask(version, before, on=ON - ONE)
            gave(other, [cards[who] for who in sorted(elsewhere)], ON - ONE)
            known_as(cards, people)
            grants = Grant.objects.count()
            dry = ran(version, "dry_run")
            assert Grant.objects.count() == grants
            live = ran(version)
            assert said(dry) == said(live)
            assert queries.figures_of(dry).given == queries.figures_of(live).given
            assert dry.figures["tally"].get("award") == live.figures["tally"].get("award")
            # Where nobody is asked about, a run opens no account of its own.
            asked = dry.figures["tally"].get("award")
            assert limits_used(version, dry) == (limits_used(version, None) if asked else {})
            given = Grant.objects.filter(run=live, customer__bearer__isnull=False)
            served = Counter(given.values_list("customer__bearer", "customer").distinct())
            assert len({bytes(bearer) for bearer, _customer in served}) == len(served)
            transaction.set_rollback(True)

    compare()


@pytest.mark.parametrize("mode", ["each", "highest"])
@pytest.mark.parametrize("case", CASES)
def test_a_back_test_is_the_live_runs_of_its_evenings(case: str, mode: str) -> None:
    events = st.lists(
        st.tuples(st.integers(0, 5), st.integers(-1, 3), st.sampled_from([600, 1100]),
                  st.just(False)), max_size=9,
    )  # fmt: skip

    @settings(max_examples=4, **SETTINGS)
    @given(people=PEOPLE, events=events, elsewhere=SOME, limits=LIMITS)
    # Who has it under the higher number first; a group that holds until the third evening.
    @example(people=[0, 0, 1, 1, None, None], elsewhere={2}, limits={"total": "1000.00"},
             events=[(1, 0, 600, False), (0, 1, 1100, False), (1, 2, 1100, False),
                     (3, 0, 600, False), (4, 1, 600, False), (4, 3, 600, False)])  # fmt: skip
    def compare(
        people: list[int | None], events: list[Any], elsewhere: set[int], limits: dict[str, Any]
    ) -> None:
        with transaction.atomic():
            other, version = campaigns_of(case, *TIERS, mode=mode, budget=limits)
            cards = [card_in_use("50.00") for _number in range(6)]
            happen(cards, events)
            gave(other, [cards[who] for who in sorted(elsewhere)], FIRST - 3 * ONE)
            known_as(cards, people)
            equal_to_live(version)
            transaction.set_rollback(True)

    compare()


TIERS = [one | {"stock": 2} for one in LADDERS["cash"]]


@pytest.mark.parametrize("case", ["groups", "not_in_campaign"])
def test_of_one_person_the_evenings_of_a_back_test_give_once(case: str) -> None:
    """Under the number that comes to qualify first, and nothing to who had it elsewhere."""
    other, version = campaigns_of(case, LOW)
    cards = [card_in_use("50.00") for _number in range(4)]
    gave(other, cards[2:3], FIRST - ONE)
    known_as(cards, [0, 0, 1, 1])
    happen(cards, [(1, 0, 600, False), (0, 1, 600, False), (3, 0, 600, False)])
    tested = ran(version, "back_test", first=FIRST, on=FIRST + 3 * ONE)
    found = {row.customer_id: row.award for row in Decision.objects.filter(run=tested)}
    ids = [card.customer_id for card in cards]
    assert (found[ids[1]], found[ids[0]]) == ("granted", "same_person")
    assert found[ids[3]] == ("other_of_group" if case == "groups" else "")
    assert queries.figures_of(tested).given.amount == Decimal("10.00")


def test_a_preview_counts_who_meets_the_rule_as_a_dry_run_does() -> None:
    """What another campaign gave to the same person under another number is part of the rule; that
    a person is given something once is not."""
    campaign("b")
    version = campaign("a", {"all": [*USED["all"], no("b")]})
    cards = [card_in_use() for _number in range(5)]
    known_as(cards, [0, 0, 1, 1, None])
    gave(CampaignVersion.objects.get(campaign__code="b"), cards[:1], ON - ONE)
    preview, dry = ran(version, "preview"), ran(version, "dry_run")
    assert preview.figures["tally"]["outcome"] == dry.figures["tally"]["outcome"]
    assert queries.figures_of(preview).qualified == 3
    assert dry.figures["tally"]["award"] == {"granted": [2, "20.00"], "same_person": [1, "0.00"]}
