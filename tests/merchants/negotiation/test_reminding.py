"""The renewal calendar and reminders."""

import datetime as dt

import pytest
import time_machine

from merchants.directory.rules import last_day
from merchants.models import MerchantContract, Partnership, Reminder
from merchants.negotiation import operations, queries
from merchants.tasks import remind_managers
from portal.models import AuditEntry
from tests.factories import negotiation as made
from tests.factories import partnerships
from tests.factories.merchants import ContractFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 6, 1)
DAY = dt.timedelta(days=1)


def ending(days: int) -> tuple[Partnership, dt.date]:
    """A partnership whose contract ends so many days after the first day of these tests."""
    made.set_rule()
    row = partnerships.begun(on=ON - 30 * DAY)
    last = ON + days * DAY
    ContractFactory(
        merchant=row.merchant, signed_date=ON - 300 * DAY, first_date=ON - 300 * DAY,
        last_date=last, notice_days=30,
    )  # fmt: skip
    return row, last


@pytest.mark.parametrize(("days", "is_listed"), [(0, True), (89, True), (90, False), (-1, False)])
def test_contracts_that_end_within_the_days(days: int, is_listed: bool) -> None:
    row, _last = ending(days)
    found = queries.endings_within(scope=None, on=ON, days=90)
    assert [one.partnership for one in found] == ([row] if is_listed else [])
    assert operations.remind_managers(on=ON).renewals == int(is_listed)


@pytest.mark.parametrize(
    ("ends", "notice", "is_reminded"),
    [(149, 120, True), (150, 120, False), (300, 275, True), (120, 30, False), (40, 60, True)],
)
def test_people_are_reminded_before_the_last_day_of_notice_passes(
    ends: int, notice: int, is_reminded: bool
) -> None:
    """A month before it, however far the end of the contract is."""
    row, last = ending(ends)
    MerchantContract.objects.filter(merchant=row.merchant).update(notice_days=notice)
    assert operations.remind_managers(on=ON).renewals == int(is_reminded)
    due = list(Reminder.objects.values_list("due_date", flat=True))
    assert due == ([ON + 3 * DAY] if is_reminded else [])
    assert operations.remind_managers(on=ON).renewals == 0
    assert last - notice * DAY < ON + 30 * DAY or not is_reminded


def test_where_notice_ends_tomorrow_it_is_answered_by_then() -> None:
    row, last = ending(80)
    MerchantContract.objects.filter(merchant=row.merchant).update(notice_days=79)
    operations.remind_managers(on=ON)
    assert Reminder.objects.get().due_date == ON + DAY == last - 79 * DAY


def test_what_goes_on_by_itself_goes_on_by_the_clock_and_its_reminder_is_settled() -> None:
    row, last = ending(60)
    MerchantContract.objects.filter(merchant=row.merchant).update(
        renewal="automatic", renewal_months=12
    )
    operations.remind_managers(on=ON)
    with time_machine.travel(made.at(last - 29 * DAY)):
        remind_managers()
        remind_managers()
    contract = MerchantContract.objects.get(merchant=row.merchant)
    assert contract.last_date == last_day(last + DAY, 12)
    assert (Reminder.objects.get().state, Reminder.objects.get().settled_by) == ("done", None)
    assert AuditEntry.objects.filter(action="merchant_contract.went_on").count() == 1


def test_what_another_contract_follows_is_left_out() -> None:
    row, last = ending(30)
    ContractFactory(
        merchant=row.merchant, signed_date=ON, first_date=last + DAY, last_date=last + 300 * DAY
    )
    assert queries.endings_within(scope=None, on=ON, days=90) == []


def test_of_each_cause_people_are_reminded_once_and_a_step_settles_it() -> None:
    row, last = ending(60)
    with time_machine.travel(made.at(ON)):
        remind_managers()
        remind_managers()
    reminder = Reminder.objects.get()
    assert (reminder.kind, reminder.state, reminder.raised_date) == ("renewal", "open", ON)
    assert reminder.due_date == ON + 3 * DAY  # three working days
    talks = made.begun(on=ON + DAY, partnership=row, purpose="renewal")
    reminder.refresh_from_db()
    assert (reminder.state, reminder.settled_by) == ("done", row.manager)
    assert operations.remind_managers(on=ON + 2 * DAY) == operations.Reminded(0, 0)
    found = queries.endings_within(scope=None, on=ON + DAY, days=90)
    assert [(one.talks, one.last_date) for one in found] == [(talks, last)]


@pytest.mark.parametrize(("days", "count"), [(13, 0), (14, 1), (15, 1)])
def test_talks_without_a_step_for_the_days(days: int, count: int) -> None:
    row = made.in_stage("proposal")  # the last step two days after the first
    on = made.FIRST + 2 * DAY + days * DAY
    assert operations.remind_managers(on=on).quiet == count
    assert Reminder.objects.filter(kind="quiet", negotiation=row).count() == count


def test_talks_that_stand_still_again_are_told_again() -> None:
    row = made.in_stage("proposal")
    on = made.FIRST + 20 * DAY
    assert operations.remind_managers(on=on).quiet == 1
    made.offered(row, "bank", on=on)
    assert Reminder.objects.get().state == "done"
    assert operations.remind_managers(on=on + 20 * DAY).quiet == 1
    made.moved(row, "lost", on=on + 20 * DAY, refusal="unaware")
    assert operations.remind_managers(on=on + 60 * DAY).quiet == 0


def test_a_reminder_is_set_aside_with_a_reason_for_good() -> None:
    row, _last = ending(60)
    operations.remind_managers(on=ON)
    reminder = Reminder.objects.get()
    stranger = partnerships.manager(branch=row.branch)
    for actor, reason in ((row.manager, " "), (stranger, "不续")):
        with pytest.raises(operations.NegotiationRefused):
            operations.dismiss_reminder(
                reminder_id=reminder.pk, reason=reason, actor=actor, at=made.at(ON)
            )
    operations.dismiss_reminder(
        reminder_id=reminder.pk, reason="商户年底停业", actor=row.manager, at=made.at(ON)
    )
    reminder.refresh_from_db()
    assert (reminder.state, reminder.words) == ("dismissed", "商户年底停业")
    assert AuditEntry.objects.filter(action="negotiation.reminder_dismissed").count() == 1
    with pytest.raises(operations.NegotiationRefused):
        operations.dismiss_reminder(
            reminder_id=reminder.pk, reason="再次", actor=row.manager, at=made.at(ON)
        )
    assert operations.remind_managers(on=ON + DAY).renewals == 0


def test_what_ends_older_talks_settles_no_reminder_of_a_renewal() -> None:
    row = made.in_stage("review", on=ON - 20 * DAY)
    contract = row.signed.contract  # type: ignore[attr-defined]
    on = contract.last_date - 60 * DAY
    assert operations.remind_managers(on=on).renewals == 1
    made.moved(row, "closed", on=on + DAY)
    assert Reminder.objects.get(kind="renewal").state == "open"
    made.begun(on=on + DAY, partnership=row.partnership, purpose="renewal")
    assert Reminder.objects.get(kind="renewal").state == "done"


def test_a_step_of_other_talks_leaves_the_reminder_of_these() -> None:
    row = made.in_stage("review", on=ON - 20 * DAY)
    talks = made.begun(on=ON, partnership=row.partnership, purpose="amendment")
    assert operations.remind_managers(on=ON + 20 * DAY).quiet == 1
    made.moved(row, "closed", on=ON + 21 * DAY)
    assert Reminder.objects.get(negotiation=talks).state == "open"


def test_an_amendment_is_no_talk_about_a_contract_that_ends() -> None:
    row, last = ending(60)
    operations.remind_managers(on=ON)
    talks = made.begun(on=ON + DAY, partnership=row, purpose="amendment")
    made.moved(talks, "needs", on=ON + 2 * DAY)
    assert Reminder.objects.get(kind="renewal").state == "open"
    found = queries.endings_within(scope=None, on=ON + 2 * DAY, days=90)
    assert [(one.last_date, one.talks, one.other) for one in found] == [(last, None, talks)]
    made.moved(talks, "lost", on=ON + 3 * DAY, refusal="unaware")
    renewal = made.begun(on=ON + 3 * DAY, partnership=row, purpose="renewal")
    assert Reminder.objects.get(kind="renewal").state == "done"
    found = queries.endings_within(scope=None, on=ON + 3 * DAY, days=90)
    assert [(one.talks, one.other) for one in found] == [(renewal, None)]


def test_an_amendment_leaves_the_manager_to_be_reminded() -> None:
    row, _last = ending(60)
    made.begun(on=ON - 5 * DAY, partnership=row, purpose="amendment")
    assert operations.remind_managers(on=ON).renewals == 1


def test_a_first_contract_follows_on_one_that_ended_before_it_was_begun() -> None:
    row, _last = ending(-1)
    talks = made.begun(on=ON, partnership=row, purpose="first")
    found = queries.endings_within(scope=None, on=ON, days=90, back=365)
    assert [(one.talks, one.other) for one in found] == [(talks, None)]
    earlier, _last = ending(0)
    row_of(
        "merchants.Negotiation", partnership=earlier, purpose="first", opened_at=made.at(ON - DAY)
    )
    found = queries.endings_within(scope=None, on=ON, days=1)
    assert [one.talks for one in found] == [None]


def test_with_a_partnership_that_has_ended_nobody_is_reminded() -> None:
    row = made.in_stage("proposal", on=ON)
    partnership, _last = ending(60)
    assert operations.remind_managers(on=ON + DAY) == operations.Reminded(1, 0)
    for one in (row.partnership, partnership):
        one.refresh_from_db()
        partnerships.moved(one, "ended", on=ON + 2 * DAY)
    assert operations.remind_managers(on=ON + 30 * DAY) == operations.Reminded(0, 0)
    reminder = Reminder.objects.get()
    assert (reminder.state, reminder.settled_by) == ("done", None)


def test_a_reminder_goes_when_its_cause_has_gone() -> None:
    row, last = ending(60)
    other, _last = ending(50)
    operations.remind_managers(on=ON)
    ContractFactory(
        merchant=row.merchant, signed_date=ON, first_date=last + DAY, last_date=last + 300 * DAY
    )
    other.merchant.contracts.update(last_date=ON + 80 * DAY)
    assert operations.remind_managers(on=ON + DAY).renewals == 1  # of the new last day
    states = Reminder.objects.order_by("id").values_list("partnership", "state")
    assert sorted(states) == sorted([(row.pk, "done"), (other.pk, "done"), (other.pk, "open")])


def test_a_contract_that_ended_is_renewed_and_stays_in_the_calendar() -> None:
    row, last = ending(-1)
    found = queries.endings_within(scope=None, on=ON, days=90, back=365)
    assert [(one.last_date, one.days_left(ON)) for one in found] == [(last, -1)]
    assert operations.remind_managers(on=ON).renewals == 0
    with pytest.raises(operations.NegotiationRefused):
        made.begun(on=ON, partnership=row, purpose="amendment")
    talks = made.begun(on=ON, partnership=row, purpose="renewal")
    assert talks.contract == row.merchant.contracts.get()
    found = queries.endings_within(scope=None, on=ON, days=90, back=365)
    assert [one.talks for one in found] == [talks]
