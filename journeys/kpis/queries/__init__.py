"""Reading daily figures: no page reads applications or cards by day."""

from journeys.kpis.queries.figures import (
    Wanted,
    closed_at,
    cutoff_on,
    instants_of,
    issued_by,
    lines_of,
    month_of,
    total_of,
)
from journeys.kpis.queries.leads import LeadLine, leads_collected
from journeys.kpis.queries.mails import (
    days_to_tell,
    gets_report,
    mail_of,
    readers,
    wish_of,
)
from journeys.kpis.queries.papers import mail_words, report_pdf
from journeys.kpis.queries.proofs import (
    gaps_of,
    marked_days,
    newest_proof,
    proofs,
    was_proved_since,
)
from journeys.kpis.queries.reports import Report, report_of
from journeys.kpis.queries.times import Times, approval_times

__all__ = [
    "LeadLine", "Report", "Times", "Wanted", "approval_times", "closed_at", "cutoff_on",
    "days_to_tell", "gaps_of", "gets_report", "instants_of", "issued_by", "leads_collected",
    "lines_of", "mail_of", "mail_words", "marked_days", "month_of",
    "newest_proof", "proofs", "readers", "report_of", "report_pdf", "total_of", "was_proved_since",
    "wish_of",
]  # fmt: skip
