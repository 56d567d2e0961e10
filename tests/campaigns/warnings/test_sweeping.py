"""The sweep finds what is planted among real rows, reads what is new, and may run twice."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model

from campaigns.models import Alert, CampaignVersion, GrantHour, SweepMark, Trace
from campaigns.planning.rules import naming
from campaigns.warnings import operations
from campaigns.warnings.enums import Kind, Severity
from campaigns.warnings.operations import marking
from journeys.models import Card
from portal.models import Branch, Staff
from portal.staff.enums import Role
from tests.campaigns.warnings.finding import compliance
from tests.factories import benefits
from tests.factories.journeys import CardFactory, CustomerFactory, TransactionFactory
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory, head_office
from tests.factories.rewards import AT, ON, ask, candidate, used_card, version_with
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def _limits(kind: Kind, **values: Any) -> None:
    row_of("campaigns.WarningRule", kind=kind, effective_date="2026-01-01", **values)


def _swept(kind: Kind, at: dt.datetime = AT) -> list[Alert]:
    """The alerts of a kind after a sweep; a second one at once changes nothing."""
    operations.sweep(at=at)
    found = list(Alert.objects.filter(kind=kind).order_by("id"))
    before = list(Alert.objects.order_by("id").values())
    assert operations.sweep(at=at) == 0
    assert list(Alert.objects.order_by("id").values()) == before
    return found


def _granted(version: CampaignVersion, card: Card, **when: Any) -> None:
    [award] = ask(version, [candidate(card)], **when)
    assert award.answer == "granted"


# --- what is given --------------------------------------------------------------------------
def test_a_budget_that_runs_out_before_its_campaign_ends() -> None:
    version = version_with(budget={"total": "100.00"})
    for back in (2, 1, 0):
        for _number in range(3):
            _granted(version, used_card(), on=ON - back * DAY)
    [alert] = _swept(Kind.BUDGET)
    assert (alert.campaign, alert.severity) == (version.campaign, Severity.SEVERE)
    seen = alert.evidence
    assert (seen["left"], seen["pace"], seen["days"]) == ("10.00", "30.00", 3)
    assert seen["used_up"] == (ON + DAY).isoformat()
    assert alert.owner == version.campaign.owner
    assert not version.campaign.is_stopped


def test_an_hour_that_gives_far_more_than_the_busy_ones() -> None:
    _limits(Kind.BURST, days=28, fewest=3, warn=3, severe=8)
    version = version_with()
    for back in range(1, 8):
        _granted(version, used_card(), at=AT - back * DAY)
    assert _swept(Kind.BURST) == []
    for _number in range(3):
        _granted(version, used_card(), at=AT)
    [alert] = _swept(Kind.BURST, AT + HOUR)
    assert (alert.campaign, alert.severity) == (version.campaign, Severity.WARN)
    assert (alert.evidence["count"], alert.evidence["busy"]) == (3, 1)
    assert alert.evidence["hour"] == "2026-06-30T14:00:00+08:00"
    hours = GrantHour.objects.order_by("hour").values_list("grants", flat=True)
    assert list(hours) == [1] * 7 + [3]


def _refunds(merchant: Model, cards: list[Card], on: dt.date) -> None:
    for card in cards:
        TransactionFactory(card=card, merchant=merchant, amount=Decimal(-50), posted_date=on)


def test_refunds_soon_after_rewards_at_one_merchant() -> None:
    compliance()
    version, merchant, other = version_with(), MerchantFactory(), MerchantFactory()
    cards = [used_card() for _number in range(5)]
    for card in cards:
        _granted(version, card, on=ON - 9 * DAY)
    row_of("journeys.MerchantDay", merchant=other, day=ON - DAY, purchases=9_000)
    _refunds(merchant, cards[:4], ON - 2 * DAY)  # the seventh day
    _refunds(merchant, cards[4:], ON - DAY)  # too late
    _refunds(merchant, [used_card()], ON - 2 * DAY)  # was granted nothing
    [alert] = _swept(Kind.REFUND)
    assert alert.subject_key == str(merchant.pk)
    assert (alert.evidence["refunds"], alert.evidence["customers"]) == (4, 4)
    assert alert.branch == merchant.branch


def test_a_customer_who_takes_back_again_and_again() -> None:
    compliance()
    card = used_card()
    _granted(version_with(), card, on=ON - 5 * DAY)
    for back in (4, 3, 2):
        _refunds(MerchantFactory(), [card], ON - back * DAY)
    [alert] = _swept(Kind.REFUND)
    assert (alert.customer, alert.evidence["times"]) == (card.customer, 3)
    assert alert.branch == card.customer.branch


# --- merchants --------------------------------------------------------------------------------
def _bought(card: Card, merchant: Model, *amounts: int, on: dt.date = ON - 2 * DAY) -> None:
    for amount in amounts:
        TransactionFactory(card=card, merchant=merchant, amount=Decimal(amount), posted_date=on)


def test_purchases_split_to_reach_a_tier() -> None:
    compliance()
    version, merchant, honest = version_with(), MerchantFactory(), MerchantFactory()
    for number in range(6):
        card = used_card()
        _bought(card, merchant, 170, 170, 170)  # the rule asks for 500
        _bought(card, honest, 200, 200, 210 if number % 2 else 400)
        _granted(version, card)
    aside = used_card()
    _bought(aside, merchant, 170, 170, 170)  # is granted nothing
    [alert] = _swept(Kind.SPLITTING)
    assert (alert.subject_key, alert.campaign) == (str(merchant.pk), version.campaign)
    assert (alert.evidence["near"], alert.evidence["around"]) == (6, 0)
    assert set(Trace.objects.filter(merchant=honest).values_list("band", flat=True)) == {"around"}


def test_a_campaign_of_which_one_partner_has_nearly_all() -> None:
    version = version_with()
    for payers in (95, 3, 2):
        row_of(
            "campaigns.JointReturn", campaign=version.campaign, reached_payers=payers,
            first_date=ON - 60 * DAY, end_date=ON - 30 * DAY,
        )  # fmt: skip
    [alert] = _swept(Kind.CONCENTRATION)
    assert (alert.campaign, alert.evidence["percent"]) == (version.campaign, 95.0)
    assert alert.evidence["index"] == round(10_000 * (0.95**2 + 0.03**2 + 0.02**2))


def test_a_branch_whose_cards_sleep_is_told_and_so_is_the_bank() -> None:
    compliance()
    bank, calm = head_office(), BranchFactory()
    loud = BranchFactory()
    row_of("journeys.SleepRule", effective_date=dt.date(2026, 1, 1), near_percent=19,
           ceiling_percent=22, months=18)  # fmt: skip
    for back, asleep in ((3, 150), (2, 190)):
        row_of("journeys.SleepDay", branch=loud, day=ON - back * DAY, cards=1_000, asleep=asleep,
               due_30=5, due_60=5, due_90=5)  # fmt: skip
    row_of("journeys.SleepDay", branch=calm, day=ON - 2 * DAY, cards=500, asleep=10)
    [alert] = _swept(Kind.SLEEPING)
    assert (alert.branch, alert.subject_key, alert.period) == (loud, str(loud.pk), f"{ON:%Y-%m}")
    assert (alert.evidence["percent"], alert.evidence["due"]) == (19.0, 5)
    assert [share for _day, share in alert.evidence["series"]] == [15.0, 19.0]
    row_of("journeys.SleepDay", branch=calm, day=ON - DAY, cards=500, asleep=120)
    row_of("journeys.SleepDay", branch=loud, day=ON - DAY, cards=1_000, asleep=220)
    found = {one.branch: one.severity for one in _swept(Kind.SLEEPING, AT + DAY)}
    assert found == dict.fromkeys((bank, loud, calm), Severity.SEVERE)


# --- issuing ----------------------------------------------------------------------------------
def _issued(branch: Branch, number: int, on: dt.date, **fields: Any) -> list[Card]:
    return [
        CardFactory(customer=CustomerFactory(branch=branch), issued_date=on, **fields)
        for _one in range(number)
    ]


def _won(person: Staff, cards: list[Card]) -> None:
    for card in cards:
        row_of("journeys.LeadConversion", application=card.application, caller=person)


def test_cards_never_used_by_branch_and_by_who_won_them() -> None:
    _limits(Kind.NEVER_USED, days=90, fewest=6, wait=60, warn=Decimal("1.5"), severe=Decimal(9))
    manager = StaffFactory(role=Role.BRANCH_MANAGER)
    issued, on = BranchFactory(), ON - 100 * DAY
    others = BranchFactory()
    unused = _issued(issued, 6, on)
    used = _issued(
        others, 20, on, activated_date=on, first_used_date=on + 60 * DAY
    )  # on the last of its days
    used += _issued(others, 1, on, activated_date=on, first_used_date=on + 61 * DAY)
    _issued(issued, 9, ON - 60 * DAY)  # still have their days
    caller, honest = (
        StaffFactory(role=Role.TELEMARKETER, branch=branch) for branch in (issued, others)
    )
    _won(caller, unused)
    _won(honest, used)
    by_branch, by_person = sorted(_swept(Kind.NEVER_USED), key=lambda one: one.subject)
    assert (by_branch.subject_key, by_person.concerned) == (str(issued.pk), caller)
    for alert in (by_branch, by_person):
        seen = alert.evidence
        assert (seen["of"], seen["whole"]) == (6, 6)
        assert (seen["others_of"], seen["others_whole"]) == (1, 21)
        assert (alert.owner, alert.branch) == (manager, issued)


def test_customers_of_one_person_who_share_a_phone() -> None:
    compliance()
    ringed, honest = (StaffFactory(role=Role.TELEMARKETER) for _one in range(2))
    same = [
        CardFactory(customer=CustomerFactory(phone="13800000007"), issued_date=ON - 5 * DAY)
        for _one in range(8)
    ]
    _won(ringed, same)
    _won(honest, [CardFactory(issued_date=ON - 5 * DAY) for _one in range(20)])
    [alert] = _swept(Kind.SHARED)
    assert alert.concerned == ringed
    assert (alert.evidence["of"], alert.evidence["whole"]) == (8, 8)


def test_a_push_in_the_last_workdays_of_a_month() -> None:
    _limits(Kind.MONTH_END, days=31, fewest=8, wait=3, warn=Decimal("1.5"), severe=Decimal(9))
    StaffFactory(role=Role.BRANCH_MANAGER)
    pushing, steady = BranchFactory(), BranchFactory()
    _issued(pushing, 8, dt.date(2026, 5, 27))  # May ends on a Sunday
    for day in range(1, 31, 3):
        _issued(steady, 1, dt.date(2026, 5, day))
    [alert] = _swept(Kind.MONTH_END)
    assert (alert.subject_key, alert.period) == (str(pushing.pk), "2026-05")
    assert (alert.evidence["of"], alert.evidence["others_of"]) == (8, 1)


# --- people -----------------------------------------------------------------------------------
def test_staff_who_are_rewarded_under_their_own_address() -> None:
    officer = compliance()
    person = StaffFactory(email="Li.Hua@bank.example")
    card = used_card(customer=CustomerFactory(email="li.hua@bank.example"))
    _granted(version_with(), card)
    [alert] = _swept(Kind.SELF_DEALING)
    assert (alert.concerned, alert.owner) == (person, officer)
    assert (alert.evidence["customers"], alert.evidence["grants"]) == (1, 1)


def test_one_person_serves_the_same_customers_again_and_again() -> None:
    version, merchant = benefits.version_of_lounge(), MerchantFactory()
    clerk = StaffFactory(role=Role.BRANCH_MANAGER)
    officer = compliance()
    for number in range(5):
        row = benefits.given(version)
        for _use in range(3 if number < 4 else 2):
            benefits.use(row, clerk, merchant_id=merchant.pk)
    [alert] = _swept(Kind.DESK)
    assert (alert.concerned, alert.owner) == (clerk, officer)
    assert (alert.evidence["customers"], alert.evidence["uses"]) == (4, 12)


def test_a_version_that_is_complained_about() -> None:
    row_of(
        "campaigns.PausePolicy", kind=Kind.COMPLAINTS, effective_date="2026-06-01", action="pause"
    )
    compliance()
    version, other = version_with(code="loud"), version_with(code="calm")
    for one, messages, complaints in ((version, 1_000, 5), (other, 100_000, 2)):
        reference = naming.reference_of(one.campaign.code, one.number)
        row_of(
            "journeys.SentCount", origin=naming.origin_of_reference(reference), day=ON - DAY,
            messages=messages,
        )  # fmt: skip
        for _number in range(complaints):
            row_of(
                "journeys.Complaint", cause_kind="campaign", cause_reference=reference,
                opened_date=ON - DAY,
            )  # fmt: skip
    [alert] = _swept(Kind.COMPLAINTS)
    assert (alert.subject_key, alert.campaign) == ("loud/1", version.campaign)
    version.campaign.refresh_from_db()
    assert (alert.severity, version.campaign.is_stopped) == (Severity.SEVERE, True)


def test_one_customer_who_complains_again_and_again_is_one() -> None:
    reference, customer = "loud/1", CustomerFactory()
    assert version_with(code="loud").number == 1
    for sent, messages in ((reference, 1_000), ("calm/1", 100_000)):
        row_of(
            "journeys.SentCount", origin=naming.origin_of_reference(sent), day=ON - DAY,
            messages=messages,
        )  # fmt: skip
    for _number in range(5):
        row_of(
            "journeys.Complaint", cause_kind="campaign", cause_reference=reference,
            customer=customer, opened_date=ON - DAY,
        )  # fmt: skip
    assert _swept(Kind.COMPLAINTS) == []


# --- reading ----------------------------------------------------------------------------------
def test_a_bank_without_rows_gives_no_warning() -> None:
    assert operations.sweep(at=AT) == 0
    assert SweepMark.objects.count() == 5


def test_what_goes_by_days_is_looked_at_once_a_day() -> None:
    operations.sweep(at=AT)
    person = StaffFactory(email="a@bank.example")
    compliance()
    _granted(version_with(), used_card(customer=CustomerFactory(email="a@bank.example")))
    assert _swept(Kind.SELF_DEALING) == []
    [alert] = _swept(Kind.SELF_DEALING, AT + DAY)
    assert alert.concerned == person


@pytest.mark.django_db(transaction=True)
def test_what_comes_late_is_read_all_the_same() -> None:
    older = row_of("campaigns.Grant").pk
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_current_xact_id()")  # somebody writes, and is not done
            first = _read()
            newer = row_of("campaigns.Grant").pk
            assert [_read(), _read()] == [first, first]  # what is new is read again and again
            cursor.execute("COMMIT")
        assert [_read(), _read(), _read()] == [first, older, newer]
    finally:
        other.close()


def _read() -> int:
    """After which grant a sweep reads; it ends at once."""
    with transaction.atomic():
        reading = marking.begin(code="grants", at=AT)
        reading.keep()
        return reading.after
