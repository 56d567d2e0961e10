"""The life of a member benefit: granted, used, expired, taken back."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.benefits import operations as benefits
from campaigns.benefits import queries
from campaigns.models import (
    Benefit,
    BudgetEntry,
    Grant,
    GrantReversal,
    ToLookAt,
    UsedBefore,
)
from campaigns.rewards import operations as rewards
from portal.kit import clock
from portal.models import AuditEntry, Staff
from portal.staff.access import Scope
from tests.factories import benefits as made
from tests.factories.benefits import ALL, DAY, LAST
from tests.factories.journeys import DAY as ISSUED
from tests.factories.journeys import TransactionFactory
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.rewards import AT, ON, ask, candidate, tier, used_card, used_of, version_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> Staff:
    return StaffFactory(role="branch_manager")


def entries(row: Benefit) -> list[tuple[str, int]]:
    return list(row.entries.order_by("id").values_list("kind", "units"))


def at_noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(4), tzinfo=dt.UTC)


# --- granted ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("terms", "uses", "end"),
    [
        ({"uses": 3, "days": 1}, 3, ON + 2 * DAY),
        ({"uses": 1, "until": "2026-06-30"}, 1, ON + DAY),
        ({"uses": 12, "until": "2026-12-31"}, 12, dt.date(2027, 1, 1)),
        (None, 1, ON + 91 * DAY),  # as the disclosure says for all rewards
    ],
)
def test_a_benefit_begins_with_its_grant(
    terms: dict[str, Any] | None, uses: int, end: dt.date
) -> None:
    more = {"benefit": terms} if terms else {}
    row = made.given(version_with(tier("lounge", kind="benefit", **more)))
    assert (row.uses, row.left, row.from_date, row.end_date) == (uses, uses, ON, end)
    assert row.grant == Grant.objects.get()


def test_other_rewards_have_no_uses() -> None:
    ask(version_with(tier()), [candidate(used_card())])
    assert (Grant.objects.count(), Benefit.objects.count()) == (1, 0)


def test_what_could_not_be_used_any_more_is_not_given_and_the_lower_one_is() -> None:
    over = {"uses": 1, "until": "2026-06-29"}
    low = tier("low", "5.00", kind="benefit", benefit={"uses": 1, "days": 5})
    high = tier("high", "50.00", kind="benefit", benefit=over)
    card = used_card()
    for is_live in (False, True):
        (award,) = ask(version_with(low, high), [candidate(card, 0, 1)], is_live=is_live)
        assert award.tiers == ("low",)
    (award,) = ask(version_with(high), [candidate(used_card())])
    assert (award.answer, award.tiers) == ("too_late", ())
    assert Benefit.objects.count() == 1


# --- used -------------------------------------------------------------------------------------
def test_each_use_takes_one_and_no_more_than_were_granted(clerk: Staff) -> None:
    row = made.given()
    for left in (2, 1, 0):
        made.use(row, clerk)
        row.refresh_from_db()
        assert row.left == left
    with pytest.raises(benefits.UseRefused) as refused:
        made.use(row, clerk)
    assert refused.value.field == "units"
    assert entries(row) == [("use", -1)] * 3
    assert AuditEntry.objects.filter(action="benefit.used").count() == 3


@pytest.mark.parametrize(
    ("day", "now", "field"),
    [
        (ON - DAY, AT, "used_date"),
        (ON, AT, ""),
        (LAST, at_noon(LAST), ""),
        (LAST + DAY, at_noon(LAST + DAY), "used_date"),
        (ON + DAY, AT, "used_date"),  # not come yet
    ],
)
def test_it_is_used_on_its_days(clerk: Staff, day: dt.date, now: dt.datetime, field: str) -> None:
    row = made.given()
    if not field:
        made.use(row, clerk, used_date=day, at=now)
        return
    with pytest.raises(benefits.UseRefused) as refused:
        made.use(row, clerk, used_date=day, at=now)
    assert refused.value.field == field
    assert entries(row) == []


def test_a_customer_of_another_branch_is_not_found(clerk: Staff) -> None:
    row = made.given()
    other = BranchFactory()
    with pytest.raises(benefits.UseRefused):
        made.use(row, clerk, scope=Scope(branch_path=other.path))
    assert entries(row) == []


def test_a_voucher_counts_once_and_again_after_its_use_was_undone(clerk: Staff) -> None:
    version = made.version_of_lounge()
    mine, other = made.given(version), made.given(version)
    partner, elsewhere = MerchantFactory(), MerchantFactory()
    used = made.use(mine, clerk, merchant_id=partner.pk, reference="V1")
    for row in (mine, other):
        with pytest.raises(benefits.UseRefused) as refused:
            made.use(row, clerk, merchant_id=partner.pk, reference="V1")
        assert refused.value.field == "reference"
    made.use(other, clerk, merchant_id=elsewhere.pk, reference="V1")
    benefits.undo_use(entry_id=used.pk, reason="另一位客户", scope=ALL, actor=clerk, at=AT)
    again = made.use(other, clerk, merchant_id=partner.pk, reference="V1")
    assert again.round == 2
    assert entries(mine) == [("use", -1), ("undo", 1)]
    with pytest.raises(benefits.UseRefused) as refused:
        made.use(mine, clerk, reference="V2")
    assert refused.value.field == "merchant"


def test_uses_at_a_merged_merchant_count_for_the_one_that_stands(clerk: Staff) -> None:
    row, kept = made.given(), MerchantFactory()
    alias, other = MerchantFactory(merged_into=kept), MerchantFactory()
    for number, merchant in enumerate((kept, alias, other)):
        made.use(row, clerk, merchant_id=merchant.pk, reference=f"V{number}")
    found = queries.evidence_of([kept.pk, other.pk], clock.bank_day(AT) + dt.timedelta(days=1))
    assert [found[shop.pk][0].value for shop in (kept, other)] == [2, 1]


def test_whoever_was_overtaken_looks_again(clerk: Staff) -> None:
    row = made.given()
    made.use(row, clerk, left_shown=3)
    with pytest.raises(benefits.UseRefused):
        made.use(row, clerk, left_shown=3)
    made.use(row, clerk, left_shown=2)
    assert entries(row) == [("use", -1)] * 2


def test_an_undone_use_is_undone_once(clerk: Staff) -> None:
    row = made.given()
    used = made.use(row, clerk, units=2)
    undo: dict[str, Any] = {"entry_id": used.pk, "scope": ALL, "actor": clerk, "at": AT}
    benefits.undo_use(reason="记错客户", **undo)
    with pytest.raises(benefits.UseRefused):
        benefits.undo_use(reason="记错客户", **undo)
    row.refresh_from_db()
    assert (row.left, entries(row)) == (3, [("use", -2), ("undo", 2)])


# --- expired ----------------------------------------------------------------------------------
def test_what_is_left_expires_after_its_last_day_and_frees_nothing(clerk: Staff) -> None:
    version = made.version_of_lounge()
    row = made.given(version)
    made.use(row, clerk)
    assert benefits.expire_benefits(on=LAST, at=at_noon(LAST)) == 0
    after = {"on": LAST + DAY, "at": at_noon(LAST + DAY)}
    assert benefits.expire_benefits(**after) == 1
    assert benefits.expire_benefits(**after) == 0
    row.refresh_from_db()
    assert (row.left, entries(row)) == (0, [("use", -1), ("expire", -2)])
    assert used_of(version, "campaign") == Decimal("90.00")
    assert BudgetEntry.objects.filter(kind="release").count() == 0
    audit = AuditEntry.objects.get(action="benefits.expired")
    assert audit.changes == {"benefits": 1, "uses": 2, "before": str(LAST + DAY)}


def test_a_use_that_comes_late_reopens_what_expired(clerk: Staff) -> None:
    row = made.given()
    after = {"on": LAST + DAY, "at": at_noon(LAST + DAY)}
    benefits.expire_benefits(**after)
    made.use(row, clerk, used_date=LAST, at=after["at"])
    benefits.expire_benefits(**after)
    assert entries(row) == [
        ("expire", -3), ("reopen", 3), ("use", -1), ("expire", -2),
    ]  # fmt: skip
    stands = queries.standing_of(row)
    assert (stands.used, stands.expired) == (1, 2)


# --- taken back -------------------------------------------------------------------------------
def undone_by_refund(card: Any, version: Any) -> Benefit:
    """A benefit whose spending is refunded later."""
    TransactionFactory(card=card, amount=Decimal(600), posted_date=card.issued_date)
    return made.given(version, card)


def refund(row: Benefit) -> None:
    card = row.grant.card
    day = ISSUED + 20 * DAY
    TransactionFactory(card=card, kind="refund", amount=Decimal(-600), posted_date=day)


@pytest.mark.parametrize("uses", [0, 1, 3])
def test_a_refund_takes_back_what_was_not_used(clerk: Staff, uses: int) -> None:
    version = made.version_of_lounge()
    row = undone_by_refund(used_card(issued_date=ISSUED), version)
    for _number in range(uses):
        made.use(row, clerk)
    refund(row)
    assert rewards.reopen_grants(on=ON, at=AT) == 1
    assert rewards.reopen_grants(on=ON, at=AT) == 0
    row.refresh_from_db()
    assert row.left == 0
    with pytest.raises(benefits.UseRefused):
        made.use(row, clerk)
    if not uses:
        assert GrantReversal.objects.get().grant == row.grant
        assert used_of(version, "campaign") == 0
        assert UsedBefore.objects.count() == 0
        return
    # It stands, so that it is neither given nor charged for somebody else a second time.
    assert GrantReversal.objects.count() == 0
    assert used_of(version, "campaign") == Decimal("90.00")
    told = UsedBefore.objects.get()
    assert (told.used, told.worth, told.outcome) == (uses, Decimal(30 * uses), "")
    assert entries(row) == [("use", -1)] * uses + [("take_back", uses - 3)] * (uses < 3)


def test_a_use_that_was_none_lets_the_rest_be_taken_back_too(clerk: Staff) -> None:
    version = made.version_of_lounge()
    row = undone_by_refund(used_card(issued_date=ISSUED), version)
    used = [made.use(row, clerk) for _number in range(2)]
    refund(row)
    rewards.reopen_grants(on=ON, at=AT)
    for place, one in enumerate(used):
        benefits.undo_use(entry_id=one.pk, reason="未到店", scope=ALL, actor=clerk, at=AT)
        told = UsedBefore.objects.get()
        assert (told.used, told.outcome) == ((1, "") if not place else (2 - place, "undone"))
        row.refresh_from_db()
        assert row.left == 0, "what was taken back stays so"
        assert rewards.reopen_grants(on=ON, at=AT) == place
    assert GrantReversal.objects.get().grant == row.grant
    assert used_of(version, "campaign") == 0
    assert not ToLookAt.objects.exists()


@pytest.mark.parametrize(("outcome", "left"), [("paid", 0), ("waived", 0), ("restored", 2)])
def test_somebody_settles_what_was_used_before(clerk: Staff, outcome: str, left: int) -> None:
    row = undone_by_refund(used_card(issued_date=ISSUED), made.version_of_lounge())
    made.use(row, clerk)
    refund(row)
    rewards.reopen_grants(on=ON, at=AT)
    told = UsedBefore.objects.get()
    values: dict[str, Any] = {"row_id": told.pk, "scope": ALL, "actor": clerk, "at": AT}
    with pytest.raises(benefits.SettlingRefused):
        benefits.settle(outcome=outcome, words=" ", **values)
    benefits.settle(outcome=outcome, words="客户同意", **values)
    with pytest.raises(benefits.SettlingRefused):
        benefits.settle(outcome="waived", words="再来", **values)
    row.refresh_from_db()
    told.refresh_from_db()
    assert (row.left, told.outcome, told.settled_by) == (left, outcome, clerk)
    if left:
        used = made.use(row, clerk)
        # What somebody decided about the refund stays, though the grant is looked at again.
        benefits.undo_use(entry_id=used.pk, reason="x", scope=ALL, actor=clerk, at=AT)
        assert rewards.reopen_grants(on=ON, at=AT) == 0
        row.refresh_from_db()
        assert row.left == left
    else:
        with pytest.raises(benefits.UseRefused):
            made.use(row, clerk)


SAID = "退给本人，手机13912345678，证件11010519491231002X"
MASKED = "退给本人，手机139****5678，证件110***********002X"


def test_numbers_of_persons_in_what_is_typed_are_masked(clerk: Staff) -> None:
    row = undone_by_refund(used_card(issued_date=ISSUED), made.version_of_lounge())
    wrong = made.use(row, clerk, place=f"贵宾厅 {SAID}")
    benefits.undo_use(entry_id=wrong.pk, reason=SAID, scope=ALL, actor=clerk, at=AT)
    made.use(row, clerk)
    refund(row)
    rewards.reopen_grants(on=ON, at=AT)
    told = UsedBefore.objects.get()
    benefits.settle(row_id=told.pk, outcome="restored", words=SAID, scope=ALL, actor=clerk, at=AT)
    told.refresh_from_db()
    reasons = row.entries.exclude(reason="").order_by("id").values_list("kind", "reason")
    assert list(reasons) == [("undo", MASKED), ("restore", MASKED)]
    assert told.words == MASKED
    wrong.refresh_from_db()
    assert wrong.place == f"贵宾厅 {MASKED}"


def test_nothing_that_is_left_cannot_be_given_back(clerk: Staff) -> None:
    row = undone_by_refund(used_card(issued_date=ISSUED), made.version_of_lounge())
    made.use(row, clerk, units=3)
    refund(row)
    rewards.reopen_grants(on=ON, at=AT)
    told = UsedBefore.objects.get()
    with pytest.raises(benefits.SettlingRefused):
        benefits.settle(
            row_id=told.pk, outcome="restored", words="x", scope=ALL, actor=clerk, at=AT
        )
    told.refresh_from_db()
    assert told.outcome == ""


# --- an oracle --------------------------------------------------------------------------------
STEPS = st.lists(
    st.tuples(st.sampled_from(["use", "undo", "expire", "look"]), st.integers(0, 33),
              st.integers(1, 3)),
    max_size=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_whatever_happens_no_more_is_used_than_was_granted(clerk: Staff, steps: list[Any]) -> None:
    """Against plain counting: days go on, uses come late, are undone, and the rest expires."""
    row = made.given()
    today, used, open_uses = 0, 0, []
    for step, number, units in steps:
        today = max(today, number)
        now = at_noon(ON + today * DAY)
        if step == "use":
            day = ON + number * DAY
            fits = number <= made.DAYS and used + units <= made.USES
            try:
                entry = made.use(row, clerk, used_date=day, units=units, at=now)
            except benefits.UseRefused:
                assert not fits
            else:
                assert fits
                used += units
                open_uses.append(entry)
        elif step == "undo" and open_uses:
            entry = open_uses.pop(number % len(open_uses))
            benefits.undo_use(entry_id=entry.pk, reason="x", scope=ALL, actor=clerk, at=now)
            used += entry.units
        elif step == "expire":
            benefits.expire_benefits(on=ON + today * DAY, at=now)
        stands = queries.standing_of(Benefit.objects.get(pk=row.pk))
        assert stands.used == used
        assert stands.left + stands.used + stands.expired == made.USES
        if step == "expire":
            assert stands.left == (0 if today > made.DAYS else made.USES - used)
