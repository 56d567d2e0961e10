"""The report by mail: on workdays, to each reader once, of the own branches alone."""

import datetime as dt
import smtplib

import pytest
from django.core import mail
from django.core.mail.backends import locmem

from journeys.kpis import operations, queries
from journeys.kpis.models import ReportMail
from journeys.models import CalendarDay
from portal.models import Staff
from tests.factories.journeys import CardFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.journeys.kpis.worlds import count
from tests.portal.kit.test_pdf import texts

pytestmark = pytest.mark.django_db
FRIDAY = dt.date(2026, 3, 13)
AT = dt.datetime(2026, 3, 13, 1, tzinfo=dt.UTC)  # nine o'clock of the bank
DAY = dt.timedelta(days=1)


def manager(**values: object) -> Staff:
    usual = {"role": "branch_manager", "email": "m@bank.example", "branch": BranchFactory()}
    return StaffFactory(**{**usual, **values})  # type: ignore[no-any-return]


def send(at: dt.datetime = AT) -> int:
    return operations.mail_reports(now=lambda: at)


def test_a_branch_manager_gets_the_report_of_the_own_branch_once() -> None:
    staff = manager()
    CardFactory.create_batch(2, branch=staff.branch, issued_date=FRIDAY - DAY)
    CardFactory.create_batch(5, branch=BranchFactory(), issued_date=FRIDAY - DAY)
    count(AT - DAY / 2)
    assert (send(), send(), send(AT + DAY / 24)) == (1, 0, 0)
    [one] = mail.outbox
    assert one.to == ["m@bank.example"]
    assert "2026-03-12" in one.subject
    assert "2026-03-12: 发卡 2，本月 2；激活 0。" in one.body
    assert f"{staff.branch.name}: 发卡 2，本月 2" in one.body
    assert "7" not in one.body.replace("2026", "").replace(staff.branch.name, "")
    name, paper, kind = one.attachments[0]
    assert (name, kind) == ("sales-2026-03-12.pdf", "application/pdf")
    assert staff.branch.name in texts(paper)
    row = ReportMail.objects.get()
    assert (row.day, row.staff, row.state, row.attempts) == (FRIDAY - DAY, staff, "sent", 1)


def test_who_wants_none_gets_none_and_who_asks_gets_one() -> None:
    quiet, keen = manager(), manager(role="analyst", email="a@bank.example", language="en")
    manager(email="")
    manager(is_active=False)
    manager(role="telemarketer")
    operations.ask_for_mail(staff=quiet, is_wanted=False, at=AT)
    operations.ask_for_mail(staff=keen, is_wanted=True, at=AT)
    assert queries.readers() == [keen]
    assert send() == 1
    [one] = mail.outbox
    assert one.subject == "Daily sales report 2026-03-12"


def test_nothing_goes_out_on_days_of_rest_and_the_next_workday_tells_all_of_them() -> None:
    manager()
    saturday, monday = AT + DAY, AT + 3 * DAY
    assert (send(saturday), send(AT + 2 * DAY)) == (0, 0)
    assert send(monday) == 1
    [one] = mail.outbox
    for day in ("2026-03-13", "2026-03-14", "2026-03-15"):
        assert f"{day}: " in one.body
    assert "2026-03-12: " not in one.body
    assert ReportMail.objects.get().day == dt.date(2026, 3, 15)
    # A Saturday on which the bank works, and a Monday on which it does not.
    CalendarDay.objects.create(day=dt.date(2026, 3, 21), is_workday=True, name="春节")
    CalendarDay.objects.create(day=dt.date(2026, 3, 23), is_workday=False, name="春节")
    assert (send(AT + 8 * DAY), send(AT + 10 * DAY)) == (1, 0)


def test_nothing_goes_out_before_the_report_is_closed_or_while_days_wait() -> None:
    manager()
    assert send(AT - DAY / 12) == 0  # seven o'clock
    count(AT - DAY)
    CardFactory(issued_date=FRIDAY - DAY)
    assert send() == 0
    count(AT)
    assert send() == 1


def test_a_server_that_refuses_is_asked_three_times_and_a_death_never_sends_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    staff = manager()

    def refuse(_self: object, _messages: object) -> int:
        raise smtplib.SMTPServerDisconnected("gone")

    with monkeypatch.context() as patched:
        patched.setattr(locmem.EmailBackend, "send_messages", refuse)
        assert [send() for _ in range(5)] == [0] * 5
    row = ReportMail.objects.get()
    assert (row.state, row.attempts, row.sent_at) == ("failed", 3, None)
    assert send() == 0
    ReportMail.objects.update(state="sending", attempts=1)
    assert send() == 0
    assert mail.outbox == []
    ReportMail.objects.update(state="failed")
    assert send() == 1
    assert queries.mail_of(day=FRIDAY - DAY, staff=staff).state == "sent"  # type: ignore[union-attr]
