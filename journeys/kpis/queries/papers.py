"""The daily sales report on paper and in a mail: sums alone, nobody's data but the staff's own."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from journeys.kpis.queries.reports import Report
from journeys.kpis.rules import Line
from portal.kit import clock, pdf
from portal.staff.models import Staff

_MARK = "*"


def report_pdf(reports: Sequence[Report], *, reader: Staff, at: dt.datetime) -> bytes:
    """This will write reports to a PDF, each from a new page on, in the language in force."""
    foot = f"{reader.label} · {reader.branch.label} · {clock.bank_time(at):%Y-%m-%d %H:%M}"
    return pdf.write([table for one in reports for table in (_lines(one, foot), _month(one, foot))])


def _facts(report: Report) -> list[str]:
    facts = [
        _("Closed at {time}; what came later is restated, and marked {mark}.").format(
            time=_time(report.closed_at), mark=_MARK
        )
    ]
    if report.known is not None:
        facts.append(_("As known before {time}.").format(time=_time(report.known)))
    return facts


def _time(at: dt.datetime) -> str:
    return f"{clock.bank_time(at):%Y-%m-%d %H:%M}"


def _lines(report: Report, foot: str) -> pdf.Table:
    head = [
        str(report.by.label), _("Applications filed"), _("Approved"), _("Refused"),
        _("New cards"), _("As closed"), _("Cards activated"), _("Issued in the month"),
    ]  # fmt: skip
    widths = [3.0, 1.2, 1, 1, 1.2, 1.2, 1.3, 1.4]
    if report.has_targets:
        head += [_("Primary cards of the target"), _("Of what was due")]
        widths += [1.3, 1.3]
    rows = [_cells(line, report) for line in (*report.lines, report.total)]
    title = f"{_('Daily sales report')} {report.day}"
    return pdf.Table(title, _facts(report), head, rows, widths, foot)


def _cells(line: Line, report: Report) -> list[str]:
    issued = f"{line.issued:,}{_MARK if line.is_restated else ''}"
    cells = [
        line.name, f"{line.filed:,}", f"{line.approved:,}", f"{line.refused:,}", issued,
        f"{line.closed:,}", f"{line.activated:,}", f"{line.month_issued:,}",
    ]  # fmt: skip
    if report.has_targets:
        part = line.pace_percent
        target = f"{line.month_primary:,} / {line.pace.target:,.0f}" if line.pace else "–"
        cells.append(target)
        cells.append(f"{part:.0f} %" if part is not None else "–")
    return cells


def _month(report: Report, foot: str) -> pdf.Table:
    head = [
        _("Day"), _("Applications filed"), _("New cards"), _("As closed"), _("Restated by"),
        _("Cards activated"),
    ]  # fmt: skip
    rows = [
        [
            str(day.day), f"{day.filed:,}", f"{day.issued:,}{_MARK if day.is_restated else ''}",
            f"{day.closed:,}", f"{day.moved:+,}" if day.moved else "", f"{day.activated:,}",
        ]
        for day in report.month
    ]  # fmt: skip
    title = _("{month}, day by day").format(month=f"{report.day:%Y-%m}")
    return pdf.Table(title, _facts(report), head, rows, [1.0] * len(head), foot)


def mail_words(reports: Sequence[Report]) -> tuple[str, str]:
    """This will write subject and text of the mail about the reports of some days, the last of them
    with its lines."""
    last = reports[-1]
    subject = _("Daily sales report {day}").format(day=last.day)
    told = [
        _("{day}: cards issued {issued}, in the month {month}; activated {activated}.").format(
            day=one.day, issued=f"{one.total.issued:,}", month=f"{one.total.month_issued:,}",
            activated=f"{one.total.activated:,}",
        )
        for one in reports
    ]  # fmt: skip
    lines = [
        _("{name}: cards issued {issued}, in the month {month}").format(
            name=line.name, issued=f"{line.issued:,}", month=f"{line.month_issued:,}"
        )
        + _behind(line)
        for line in last.lines
    ]
    restated = [f"{day.day} {day.moved:+}" for day in last.restated_days]
    if restated:
        told.append(
            _("Restated after their close, cards issued: {days}").format(days="; ".join(restated))
        )
    page = _("The whole report stands in the portal, under Daily sales report.")
    said = [*told, "", *lines, "", page, _("You can turn this mail off on that page.")]
    return subject, "\n".join(said)


def _behind(line: Line) -> str:
    if line.pace is None:
        return ""
    return "; " + _("primary cards {primary} of {target}, due by then {due}").format(
        primary=f"{line.month_primary:,}", target=f"{line.pace.target:,.0f}",
        due=f"{line.pace.due:,.0f}",
    )  # fmt: skip
