"""One person under several customer numbers: what the database holds, what other campaigns rule
out, what one may have at most, and what stands where it came out later that the two are one."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import translation

from campaigns.eligibility import queries
from campaigns.models import (
    CampaignVersion,
    Decision,
    FactChange,
    Grant,
    GrantReversal,
    LowerTier,
)
from campaigns.rewards import operations as rewards
from journeys.models import Card, Customer
from tests.campaigns.rewards.test_elsewhere import SPENT, answers_in, campaign, no, started, worked
from tests.campaigns.rewards.test_groups import DAYS, group, of_group
from tests.campaigns.rewards.test_multiples import USED, ran
from tests.campaigns.rewards.test_reopening import day, refund
from tests.factories.campaigns import AT, ON, TIER, approved, card_in_use, dry_run
from tests.factories.journeys import DAY, CustomerFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.rewards import (
    ask,
    candidate,
    run_of,
    tier,
    used_card,
    used_of,
    version_with,
)

pytestmark = pytest.mark.django_db
ID, OTHER_ID = "440305198806150034", "440305199001010017"
NEXT = ON + dt.timedelta(days=1)


def is_known(*cards: Card, number: str = ID) -> None:
    """It comes out that the holders of cards are one person."""
    known = CustomerFactory.build(id_number=number)
    names = ("id_number_sealed", "id_number_index", "bearer")
    Customer.objects.filter(pk__in=[card.customer_id for card in cards]).update(
        **{name: getattr(known, name) for name in names}
    )


def one_person(make: Any = used_card, **fields: Any) -> tuple[Card, Card]:
    cards = make(**fields), make(**fields)
    is_known(*cards)
    return cards


def answers(version: CampaignVersion, cards: Sequence[Card], *reached: int, **how: Any) -> Any:
    found = ask(version, [candidate(card, *reached) for card in cards], **how)
    return [one.answer for one in found]


def rows_for(version: CampaignVersion, *cards: Card, **values: Any) -> list[Grant]:
    """Grants as anybody might write them who does not ask the rewards."""
    run = run_of(version)
    common = {"reward": "first-gift", "amount": 1, "granted_date": ON, "granted_at": AT} | values
    return [
        Grant(
            campaign=version.campaign, version=version, run=run, customer=card.customer, card=card,
            **common,
        )
        for card in cards
    ]  # fmt: skip


def refused(rows: Sequence[Grant]) -> str | None:
    with pytest.raises(DatabaseError) as said, transaction.atomic():
        Grant.objects.bulk_create(rows)
    cause = said.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name


def take_back(card: Card, kind: str = "condition_lost") -> None:
    failed = None if kind == "exchanged" else 0
    grant = Grant.objects.get(card=card, reversal=None)
    GrantReversal.objects.create(grant=grant, kind=kind, on_date=ON, failed_at=failed, at=AT)


# --- the database --------------------------------------------------------------------------------
def test_the_database_gives_once_to_a_person() -> None:
    version, second = version_with(), version_with(code="second")
    first, other = one_person()
    stranger, nobody = used_card(customer=CustomerFactory(id_number=OTHER_ID)), used_card()
    assert refused(rows_for(version, stranger, first, other)) == "grant_once_for_bearer"
    Grant.objects.bulk_create(rows_for(version, stranger, nobody, first))
    assert refused(rows_for(version, other)) == "grant_once_for_bearer"
    Grant.objects.bulk_create(rows_for(second, other))
    take_back(first)
    Grant.objects.bulk_create(rows_for(version, other))
    again = rows_for(version, first, round=2)
    assert refused(again) == "grant_once_for_bearer"
    # What takes the place of what was taken back comes by a door of its own.
    Grant.objects.bulk_create(rows_for(version, first, round=2, door="lower"))
    assert Grant.objects.filter(campaign=version.campaign).count() == 5


def test_the_database_lets_the_number_go_on_that_had_it_first() -> None:
    version = version_with()
    first, other = used_card(), used_card()
    Grant.objects.bulk_create(rows_for(version, first))
    Grant.objects.bulk_create(rows_for(version, other))
    is_known(first, other)
    slot = {"reward": "more", "slot": "more"}
    assert refused(rows_for(version, other, **slot)) == "grant_once_for_bearer"
    Grant.objects.bulk_create(rows_for(version, first, **slot))
    take_back(other, "exchanged")
    assert refused(rows_for(version, other, round=2)) == "grant_once_for_bearer"
    assert Grant.objects.count() == 3


def test_the_database_gives_of_a_group_by_one_campaign_to_a_person() -> None:
    one = group(DAYS)
    a, b = of_group("a", one), of_group("b", one)
    first, other = one_person()

    def rows(version: CampaignVersion, card: Card, on: dt.date = ON) -> list[Grant]:
        held = (on, on + dt.timedelta(days=DAYS))
        return rows_for(version, card, group=one, held=held, granted_date=on)

    Grant.objects.bulk_create(rows(a, first))
    assert refused(rows(b, other)) == "grant_one_campaign_for_bearer"
    last = ON + dt.timedelta(days=DAYS - 1)
    assert refused(rows(b, other, last)) == "grant_one_campaign_for_bearer"
    Grant.objects.bulk_create(rows(b, other, ON + dt.timedelta(days=DAYS)))
    Grant.objects.bulk_create(rows(b, used_card()))
    assert Grant.objects.count() == 3


# --- what came out later -------------------------------------------------------------------------
def test_of_two_numbers_that_have_it_the_first_goes_on() -> None:
    tiers = [TIER, TIER | {"code": "more", "value": "20.00"}]
    version = version_with(*tiers, mode="each", budget={"total": "1000.00"})
    first, other = used_card(), used_card()
    assert answers(version, [first, other]) == ["granted", "granted"]
    is_known(first, other)
    for is_live in (False, True):
        assert answers(version, [other, first], 0, 1, is_live=is_live) == ["had_before", "granted"]
    given = Grant.objects.filter(reversal=None).order_by("id").values_list("card", "reward")
    assert list(given) == [
        (first.pk, "first-gift"), (other.pk, "first-gift"), (first.pk, "more"),
    ]  # fmt: skip
    # As soon as the first has nothing any more, the other one goes on.
    for grant in Grant.objects.filter(card=first):
        GrantReversal.objects.create(
            grant=grant, kind="condition_lost", on_date=ON, failed_at=0, at=AT
        )
    assert answers(version, [first, other], 0, 1) == ["same_person", "granted"]


def test_what_is_exchanged_for_more_counts_from_its_own_day() -> None:
    tiers = [tier("low", "5.00"), tier("mid", "10.00"), tier("high", "20.00")]
    version = version_with(*tiers, budget={"total": "1000.00"})
    first, other = used_card(), used_card()
    assert answers(version, [first]) == ["granted"]
    assert answers(version, [other]) == ["granted"]
    is_known(first, other)
    assert answers(version, [other], 0, 1) == ["had_before"]
    assert answers(version, [first], 0, 1) == ["granted"]
    assert answers(version, [other, first], 0, 1, 2) == ["had_before", "granted"]
    given = Grant.objects.filter(reversal=None).order_by("card").values_list("card", "reward")
    assert list(given) == [(first.pk, "high"), (other.pk, "low")]


def test_a_lower_tier_is_given_to_a_number_of_somebody_who_has_it_under_another() -> None:
    """It was promised together with the one that a refund undid, before the two were known as
    one."""
    more = SPENT | {"at_least": "1000.00"}
    tiers = [tier("low", "5.00"), tier("high", "20.00", needs=more)]
    version = approved(rule=SPENT, rewards={"mode": "highest", "tiers": tiers})
    cards = [card_in_use("1100.00", issued_date=DAY) for _number in range(2)]
    at = AT - (ON - day(10))
    worked(started(version, day(10), at), at)
    is_known(*cards)
    refund(cards[1], "200.00", day(20))
    assert rewards.reopen_grants(on=ON, at=AT) == 1
    assert LowerTier.objects.get().answer == "granted"
    given = Grant.objects.filter(reversal=None).order_by("card").values_list("reward", flat=True)
    assert list(given) == ["high", "low"]


# --- other campaigns -----------------------------------------------------------------------------
def test_another_campaign_of_the_group_gives_a_person_nothing_under_another_number() -> None:
    one = group(DAYS)
    a, b = of_group("a", one), of_group("b", one)
    first, other = one_person()
    stranger = used_card(customer=CustomerFactory(id_number=OTHER_ID))
    assert answers(a, [first]) == ["granted"]
    for is_live in (False, True):
        (found, free) = ask(b, [candidate(other), candidate(stranger)], is_live=is_live)
        assert (found.answer, free.answer) == ("other_of_group", "granted")
        assert found.held is not None
        assert found.held.campaign_id == a.campaign_id
        assert found.held.until == ON + dt.timedelta(days=DAYS)
    over = ON + dt.timedelta(days=DAYS)
    assert answers(b, [other], on=over, at=AT + (over - ON)) == ["granted"]


def test_what_two_of_a_group_gave_to_two_numbers_goes_on_when_they_are_known_as_one() -> None:
    one = group()
    ladder = {"mode": "highest", "tiers": [tier("low", "5.00"), tier("high", "20.00")]}
    a, b = of_group("a", one, rewards=ladder), of_group("b", one, rewards=ladder)
    first, other = used_card(), used_card()
    assert (answers(a, [first]), answers(b, [other])) == (["granted"], ["granted"])
    is_known(first, other)
    assert answers(a, [first], 0, 1) == ["granted"]
    assert answers(b, [other], 0, 1) == ["granted"]
    # A number that has nothing yet is given nothing by either.
    third = used_card()
    is_known(first, other, third)
    assert (answers(a, [third]), answers(b, [third])) == (["other_of_group"], ["other_of_group"])


def test_what_another_campaign_gave_under_another_number_rules_out() -> None:
    campaign("b")
    version = campaign("a", {"all": [SPENT, no("b")]})
    first, other = one_person(card_in_use)
    card_in_use()
    Grant.objects.bulk_create(rows_for(CampaignVersion.objects.get(campaign__code="b"), first))
    # Found when it is decided, and asked again before it is granted.
    run = dry_run(version)
    assert [row.outcome for row in Decision.objects.filter(run=run).order_by("customer")] == [
        "not_qualified", "not_qualified", "qualified",
    ]  # fmt: skip
    assert Decision.objects.get(run=run, card=other).facts[1] == [False, ["b"]]
    yesterday = worked(started(version, ON - dt.timedelta(days=1)))
    assert answers_in(yesterday) == ["had_elsewhere", "had_elsewhere", "granted"]


# --- what one may have at most -------------------------------------------------------------------
@pytest.mark.parametrize(("most", "expected"), [("35.00", ["had_before"]), ("40.00", ["granted"])])
def test_what_a_customer_may_have_is_what_a_person_may(most: str, expected: list[str]) -> None:
    tiers = [TIER | {"value": "10.00"}, TIER | {"code": "more", "value": "20.00"}]
    version = version_with(*tiers, mode="each", budget={"total": "99.00", "per_customer": most})
    first, other = used_card(), used_card()
    assert answers(version, [first, other]) == ["granted", "granted"]
    is_known(first, other)
    for is_live in (False, True):
        assert answers(version, [first], 0, 1, is_live=is_live) == expected
    used = used_of(version, "customer", str(first.customer_id))
    assert used == (30 if expected == ["granted"] else 10)


# --- runs, and what people are shown -------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_run_on_a_run_asks_again_whose_answer_another_number_changes() -> None:
    campaign("b")
    version = campaign("a", {"all": [SPENT, no("b")]}, rewards={
        "mode": "highest", "tiers": [TIER | {"stock": 1}],
    })  # fmt: skip
    cards = [card_in_use() for _number in range(16)]
    is_known(*cards[4:6])
    FactChange.objects.all().delete()
    base = worked(started(version))
    assert answers_in(base) == ["granted", *["stock_out"] * 15]
    b = CampaignVersion.objects.get(campaign__code="b")
    Grant.objects.bulk_create(rows_for(b, cards[4]))
    found = ran_on(version, base)
    assert {pk for pk, outcome in found.items() if outcome == "not_qualified"} == {
        cards[4].customer_id, cards[5].customer_id,
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_run_on_a_run_asks_again_who_came_to_be_one_person_or_is_none_any_more() -> None:
    campaign("b")
    version = campaign("a", {"all": [SPENT, no("b")]})
    cards = [card_in_use() for _number in range(20)]
    ids = [card.customer_id for card in cards]
    is_known(*cards[4:6])
    b = CampaignVersion.objects.get(campaign__code="b")
    Grant.objects.bulk_create(rows_for(b, cards[4]))
    FactChange.objects.all().delete()
    base = worked(started(version))
    found = dict(queries.standing(base).values_list("customer", "outcome"))
    assert {pk for pk in ids if found[pk] == "not_qualified"} == set(ids[4:6])
    # Another number than before; the same, by one who was given something by `a`; and one that
    # nobody shares, by which he may be drawn otherwise.
    is_known(cards[5], number=OTHER_ID)
    is_known(cards[6])
    is_known(cards[7], number="440305199001010025")
    assert marked() == set(ids[4:8])
    found = ran_on(version, base)
    assert {pk for pk in ids if found[pk] == "not_qualified"} == {ids[4], ids[6]}
    # Who has something himself carries it to all who share his number now, or did.
    FactChange.objects.all().delete()
    is_known(cards[4], number=OTHER_ID)
    assert marked() == set(ids[4:7])
    # Two who come to share one, and do so no longer, by one statement; and two without a reward.
    for given in (True, False):
        new = [used_card() for _number in range(2)]
        both = {card.customer_id for card in new} if given else set()
        Grant.objects.bulk_create(rows_for(b, *new[:given]))
        FactChange.objects.all().delete()
        is_known(*new, number=f"44030519900101{given:04}")
        assert marked() == both
        FactChange.objects.all().delete()
        Customer.objects.filter(pk__in=[card.customer_id for card in new]).update(
            id_number_sealed=None, id_number_index=None, bearer=None
        )
        assert marked() == both


def marked() -> set[int]:
    """Whom facts of no single campaign concern."""
    rows = FactChange.objects.filter(campaign_id=None)
    return set(rows.values_list("customer_id", flat=True))


def ran_on(version: CampaignVersion, base: Any) -> dict[int, str]:
    run = worked(started(version))
    assert run.base_id == base.pk
    return dict(queries.standing(run).values_list("customer", "outcome"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_receipts_say_under_which_number_it_was_given(client: Any, language: str) -> None:
    version = approved(rule=USED)
    first, other = one_person(card_in_use)
    run = ran(version)
    row = Decision.objects.get(run=run, card=other)
    assert row.award == "same_person"
    where = [
        reverse("decision_page", args=[row.pk]),
        reverse("customer_receipts", args=[other.customer.number]),
    ]
    near = StaffFactory(role="branch_manager", branch=other.customer.branch, language=language)
    Customer.objects.filter(pk=first.customer_id).update(branch=BranchFactory())
    for staff, is_named in (
        (StaffFactory(role="compliance", language=language), True), (near, False),
    ):  # fmt: skip
        client.force_login(staff)
        for page in where:
            body = client.get(page, headers={"HX-Request": "true"}).content.decode()
            with translation.override(language):
                said = translation.gettext(
                    "Given to the same person under another customer number by %(campaign)s on "
                    "%(day)s"
                ) % {"campaign": version.campaign.label, "day": Grant.objects.get().granted_date}
                elsewhere = translation.gettext("A customer of another branch")
            assert said in body, page
            assert (first.customer.number in body, elsewhere in body) == (is_named, not is_named)
