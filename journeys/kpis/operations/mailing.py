"""The daily sales report by mail: on workdays, to each reader once."""

import datetime as dt
import logging
import smtplib
from collections.abc import Callable, Sequence

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation

from journeys.kpis import queries
from journeys.kpis.enums import Dimension, MailState
from journeys.kpis.models import FigureMark, ReportMail, ReportWish
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.access import scope_of
from portal.staff.models import Staff

MOST_ATTEMPTS = 3
_log = logging.getLogger(__name__)


@transaction.atomic
def ask_for_mail(*, staff: Staff, is_wanted: bool, at: dt.datetime) -> ReportWish:
    """This will note whether somebody wants the report by mail."""
    wish, _is_new = ReportWish.objects.update_or_create(
        staff=staff, defaults={"is_wanted": is_wanted, "changed_at": at}
    )
    audit.record(
        action="figures.mail_asked", actor=staff, at=at, target=wish,
        changes={"wanted": is_wanted},
    )  # fmt: skip
    return wish


def mail_reports(*, now: Callable[[], dt.datetime]) -> int:
    """This will send the reports that were closed this morning to whoever gets them, where this is
    a workday; returns how many mails went out. Nothing is sent while days wait to be counted."""
    at = now()
    days = queries.days_to_tell(clock.bank_day(at))
    if not days or queries.closed_at(days[-1]) > at or FigureMark.objects.exists():
        return 0
    return sum(_send(days, staff, now) for staff in queries.readers())


def _send(days: Sequence[dt.date], staff: Staff, now: Callable[[], dt.datetime]) -> bool:
    """The row is committed first: who finds it leaves the mail alone, unless the server refused."""
    mail = _claim(days[-1], staff, now())
    if mail is None:
        return False
    state = MailState.SENT
    try:
        _written(days, staff, now()).send()
    except (OSError, smtplib.SMTPException):
        _log.exception("report of %s: the mail server did not take it", days[-1])
        state = MailState.FAILED
    sent_at = now() if state == MailState.SENT else None
    ReportMail.objects.filter(pk=mail.pk).update(state=state, sent_at=sent_at)
    return state == MailState.SENT


@transaction.atomic
def _claim(day: dt.date, staff: Staff, at: dt.datetime) -> ReportMail | None:
    mail, is_new = ReportMail.objects.select_for_update().get_or_create(
        day=day, staff=staff, defaults={"state": MailState.SENDING, "tried_at": at}
    )
    if is_new:
        return mail
    if mail.state != MailState.FAILED or mail.attempts >= MOST_ATTEMPTS:
        return None
    mail.state, mail.tried_at, mail.attempts = MailState.SENDING, at, mail.attempts + 1
    mail.save()
    return mail


def _written(days: Sequence[dt.date], staff: Staff, at: dt.datetime) -> EmailMessage:
    """Sums of the reader's own branches, in the reader's language."""
    scope, by = scope_of(staff), Dimension.BRANCH
    with translation.override(staff.language):
        reports = [queries.report_of(scope=scope, day=day, by=by) for day in days]
        subject, text = queries.mail_words(reports)
        paper = queries.report_pdf(reports[-1:], reader=staff, at=at)
    mail = EmailMessage(subject, text, to=[staff.email])
    mail.attach(f"sales-{days[-1]}.pdf", paper, "application/pdf")
    return mail
