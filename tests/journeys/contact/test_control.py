"""The bank's control group: whom it holds, what it holds back, and who sets it."""

import datetime as dt
import statistics

import pytest
from django.db import DatabaseError, connection, transaction

from journeys.contact import operations as contact
from journeys.contact import queries
from journeys.contact.enums import GateAnswer
from journeys.contact.models import ControlGroup
from journeys.contact.rules import GateVerdict
from journeys.models import Customer
from journeys.outreach.enums import Failure
from journeys.outreach.operations import claiming
from portal.approvals import operations as approvals
from portal.approvals.models import Submission
from portal.kit import clock
from portal.models import AuditEntry, Staff
from tests.factories.control import END, in_force, place_of, proposed, who_is
from tests.factories.journeys import INSTANT, ConsentFactory, ContactRuleFactory, CustomerFactory
from tests.factories.outreach import MessageFactory
from tests.factories.portal import StaffFactory
from tests.journeys.contact.test_operations import reserve

pytestmark = pytest.mark.django_db
ID_NUMBER = "11010519491231002X"
DAY = dt.timedelta(days=1)
TODAY = clock.bank_day(INSTANT)
IDS = 100_000


def agreed(**fields: str) -> Customer:
    ContactRuleFactory()
    return ConsentFactory(customer=CustomerFactory(**fields)).customer


def answer(customer: Customer, at: dt.datetime = INSTANT, purpose: str = "marketing") -> str:
    (verdict,) = queries.ask_gate(
        customer_ids=[customer.pk], purpose=purpose, channels=["sms"], dedup_key="A", at=at
    )
    return verdict.answer


# --- the draw -----------------------------------------------------------------------------------
def places(salt: bytes, ids: int = IDS) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT journeys_place_of(%s, NULL, id) FROM generate_series(1, %s) AS id ORDER BY id",
            [salt, ids],
        )
        return [row[0] for row in cursor.fetchall()]


def is_fair(found: int, of: int, chance: float) -> bool:
    """Within five standard deviations of a binomial count: less than one in a million is not."""
    return abs(found - of * chance) <= 5 * (of * chance * (1 - chance)) ** 0.5


def test_the_draw_is_what_it_was_and_what_plain_python_says() -> None:
    assert places(b"salt", 3) == [
        place_of(b"salt", number.to_bytes(8, "big")) for number in (1, 2, 3)
    ]
    # Written down: whoever changes the draw moves everybody, and fails here.
    assert places(bytes(16), 4) == [729579, 557895, 450564, 222466]
    with connection.cursor() as cursor:
        cursor.execute("SELECT journeys_place_of(%s, %s, 7)", [b"salt", bytes(16)])
        assert cursor.fetchone() == (place_of(b"salt", bytes(16)),)
        cursor.execute("SELECT journeys_place_of(NULL, %s, 7)", [bytes(16)])
        assert cursor.fetchone() == (None,)


@pytest.mark.parametrize("permille", [1, 20, 50, 150])
def test_a_share_is_a_share(permille: int) -> None:
    for salt in (b"2026", b"2027", bytes(16)):
        held = sum(place < permille * 1000 for place in places(salt))
        assert is_fair(held, IDS, permille / 1000)


def test_draws_know_nothing_of_one_another_nor_of_a_campaigns_own_group() -> None:
    one, two = places(b"2026"), places(b"2027")
    both = sum(a < 50_000 and b < 50_000 for a, b in zip(one, two, strict=True))
    assert is_fair(both, IDS, 0.05 * 0.05)
    own = [place < 100_000 for place in places(b"control:first-gift:")]
    both = sum(a < 50_000 and held for a, held in zip(one, own, strict=True))
    assert is_fair(both, IDS, 0.05 * 0.1)
    assert abs(statistics.correlation(one, two)) < 5 / IDS**0.5


def test_the_gate_asks_no_function_for_each_person() -> None:
    values = queries.gate_values(purpose="marketing", channels=["sms"], dedup_key="A", at=INSTANT)
    with connection.cursor() as cursor:
        sql = queries.gate_over("SELECT id FROM journeys_customer")
        cursor.execute(f"EXPLAIN (VERBOSE) {sql}", values)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    # Written out in place by the planner: a hash, and no call.
    assert "sha256" in plan
    assert "journeys_place_of" not in plan


def test_one_person_under_two_numbers_stands_on_one_side() -> None:
    one, two = agreed(id_number=ID_NUMBER), agreed(id_number=ID_NUMBER)
    other = agreed()
    group = in_force(inside=[one], outside=[other])
    assert who_is(one) == who_is(two)
    assert [answer(each) for each in (one, two, other)] == ["control_group"] * 2 + ["open"]
    assert queries.count_held(group) == (2, 3)


# --- the gate -----------------------------------------------------------------------------------
def test_marketing_is_held_back_until_the_group_ends_and_service_goes() -> None:
    customer = agreed()
    in_force(inside=[customer])
    until = clock.start_of(END)
    held = GateVerdict(customer.pk, GateAnswer.CONTROL_GROUP, "sms", None, until)
    assert reserve(customer.pk) == [held]
    assert answer(customer, purpose="service") == "open"
    assert answer(customer, at=until - dt.timedelta(seconds=1)) == "control_group"
    assert answer(customer, at=until) == "open"


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (TODAY, TODAY + DAY, "control_group"),
        (TODAY + DAY, TODAY + 9 * DAY, "open"),
        (TODAY - 9 * DAY, TODAY, "open"),
    ],
)
def test_it_holds_on_its_days_alone(starts: dt.date, ends: dt.date, expected: str) -> None:
    customer = agreed()
    in_force(inside=[customer], starts_date=starts, ends_date=ends)
    assert answer(customer) == expected


def test_a_share_of_nothing_holds_nobody() -> None:
    customer = agreed()
    salt = in_force(inside=[customer], starts_date=TODAY, ends_date=TODAY + DAY).salt
    in_force(permille=0, salt=salt, starts_date=TODAY + DAY)
    assert answer(customer) == "control_group"
    assert answer(customer, at=INSTANT + DAY) == "open"


@pytest.mark.parametrize("state", ["proposed", "refused"])
def test_what_nobody_approved_holds_nobody(state: str) -> None:
    customer = agreed()
    salt = in_force(inside=[customer], starts_date=TODAY - 9 * DAY, ends_date=TODAY).salt
    settled = {} if state == "proposed" else {"state": state, "settled_at": INSTANT}
    proposed(salt=salt, starts_date=TODAY, **settled)
    assert answer(customer) == "open"


def test_what_the_person_says_is_told_first() -> None:
    refused, silent, held = agreed(), CustomerFactory(), agreed()
    in_force(inside=[refused, silent, held])
    contact.record_do_not_contact(
        customer_id=refused.pk, words="别再联系", source="call", actor=None, at=INSTANT
    )
    assert [answer(each) for each in (refused, silent, held)] == [
        "do_not_contact", "no_consent", "control_group",
    ]  # fmt: skip


def test_a_message_that_waits_is_not_sent_once_the_group_is_in_force() -> None:
    customer = agreed()
    message = MessageFactory(customer=customer)
    service = MessageFactory(customer=customer, purpose="service")
    in_force(inside=[customer])
    claims, _any = claiming.claim_batch(sizes={"sms": 9}, at=INSTANT)
    assert [claim.message_id for claim in claims] == [service.pk]
    message.refresh_from_db()
    assert (message.state, message.failure_kind, message.failure) == (
        "cancelled", "policy", "control_group",
    )  # fmt: skip
    assert message.failure_words == str(Failure.CONTROL_GROUP.label)


# --- who sets it --------------------------------------------------------------------------------
def propose(maker: Staff | None = None, **changes: object) -> ControlGroup:
    usual = {
        "starts": TODAY + DAY, "ends": TODAY + 366 * DAY, "permille": 20, "keeps_people": False,
        "reason": "年度对照组", "maker": maker or StaffFactory(role="campaign_manager"),
        "at": INSTANT,
    }  # fmt: skip
    return contact.propose_control_group(**usual | changes)


def decide(verdict: str = "approve", at: dt.datetime = INSTANT, who: Staff | None = None) -> Staff:
    checker = who or StaffFactory(role="approver")
    approvals.decide(
        submission_id=Submission.objects.latest("id").pk, checker=checker, verdict=verdict,
        reason="" if verdict == "approve" else "太大", at=at,
    )  # fmt: skip
    return checker


def test_one_proposes_and_another_approves() -> None:
    maker = StaffFactory(role="compliance")
    row = propose(maker)
    assert (row.state, len(row.salt)) == ("proposed", 16)
    with pytest.raises(approvals.OwnWork):
        decide(who=maker)
    with pytest.raises(approvals.NotAllowed):
        decide(who=StaffFactory(role="campaign_manager"))
    checker = decide()
    row.refresh_from_db()
    assert (row.state, row.settled_by, row.settled_at) == ("approved", checker, INSTANT)
    assert queries.control_group_on(TODAY) is None
    assert queries.control_group_on(TODAY + DAY) == row
    entry = AuditEntry.objects.get(action="control_group.approved")
    assert (entry.actor, entry.changes["permille"]) == (checker, 20)


def test_the_next_one_takes_the_place_of_the_one_in_force() -> None:
    first = in_force()
    second = propose(permille=50, keeps_people=True)
    decide()
    first.refresh_from_db()
    assert (first.cut_date, first.ends_date) == (TODAY + DAY, END)
    assert bytes(second.salt) == bytes(first.salt)
    assert queries.control_group_on(TODAY) == first
    assert queries.control_group_on(TODAY + DAY) == second
    # None: what was 5 % is nobody from the next day on.
    third = propose(permille=0, at=INSTANT)
    assert bytes(third.salt) != bytes(first.salt)
    decide()
    states = {row.group.pk: row.state for row in queries.control_groups(on=TODAY + DAY)}
    assert states == {first.pk: "past", second.pk: "replaced", third.pk: "in_force"}


def test_whoever_stays_in_stays_in_where_the_share_grows() -> None:
    people = [agreed() for _number in range(40)]
    first = in_force(permille=50, salt=bytes(16))
    before = {one.pk for one in people if answer(one) == "control_group"}
    propose(permille=150, keeps_people=True)
    decide()
    later = {one.pk for one in people if answer(one, at=INSTANT + DAY) == "control_group"}
    assert before <= later
    assert first.permille == 50


def test_a_return_and_a_withdrawal_end_it() -> None:
    row, maker = propose(), StaffFactory(role="compliance")
    decide("return")
    row.refresh_from_db()
    assert row.state == "refused"
    other = propose(maker)
    approvals.withdraw(submission_id=Submission.objects.latest("id").pk, maker=maker, at=INSTANT)
    other.refresh_from_db()
    assert (other.state, other.settled_by) == ("refused", maker)
    assert queries.control_group_on(TODAY + DAY) is None


def test_a_day_that_has_passed_is_not_approved() -> None:
    row = propose()
    with pytest.raises(approvals.NotReady):
        decide(at=INSTANT + 2 * DAY)
    decide("return", at=INSTANT + 2 * DAY)
    row.refresh_from_db()
    assert row.state == "refused"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts": TODAY - DAY}, "starts_date"),
        ({"ends": TODAY + DAY}, "ends_date"),
        ({"ends": TODAY + 733 * DAY}, "ends_date"),
        ({"permille": 151}, "percent"),
        ({"permille": -1}, "percent"),
        ({"keeps_people": True}, "people"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(
    changes: dict[str, object], field: str
) -> None:
    with pytest.raises(contact.ControlNotAllowed) as refused:
        propose(**changes)
    assert refused.value.field == field
    assert (ControlGroup.objects.count(), Submission.objects.count()) == (0, 0)


def test_one_waits_at_a_time_and_one_that_begins_later_stands() -> None:
    propose()
    with pytest.raises(contact.ControlNotAllowed) as waiting:
        propose()
    assert (waiting.value.field, ControlGroup.objects.count()) == ("", 1)
    decide()
    with pytest.raises(contact.ControlNotAllowed) as refused:
        propose(starts=TODAY, ends=TODAY + 9 * DAY)
    assert refused.value.field == "ends_date"
    propose(starts=TODAY, ends=TODAY + DAY)
    decide()
    assert queries.control_group_on(TODAY + DAY).permille == 20  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "change",
    [
        "permille = 100", "salt = substr(sha256(salt), 1, 16)", "starts_date = '2026-01-01'",
        "reason = 'x'", "cut_date = NULL", "cut_date = '2027-06-01'", "state = 'refused'",
    ],
)  # fmt: skip
def test_the_database_refuses_an_edit(change: str) -> None:
    row = in_force(cut_date=dt.date(2026, 9, 1))
    for sql in (f"UPDATE journeys_controlgroup SET {change}", "DELETE FROM journeys_controlgroup"):
        with pytest.raises(DatabaseError, match="only cut short"), transaction.atomic():
            connection.cursor().execute(sql)
    assert ControlGroup.objects.get() == row
