"""The report taken out on paper."""

import datetime as dt

from django.db import transaction

from journeys.kpis import queries
from journeys.kpis.queries import Report
from portal.audit import operations as audit
from portal.staff.models import Staff


@transaction.atomic
def take_out(*, report: Report, actor: Staff, at: dt.datetime) -> bytes:
    """This will write a report to a PDF in the language in force, and note who took it out."""
    audit.record(action="figures.pdf_made", actor=actor, at=at, changes={"day": str(report.day)})
    return queries.report_pdf([report], reader=actor, at=at)
