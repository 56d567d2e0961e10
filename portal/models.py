"""The portal's models, gathered from its topics for Django."""

from portal.approvals.models import Submission, SubmissionDecision
from portal.audit.models import AuditEntry, AuditHead, AuditLink
from portal.intake.models import ImportBatch
from portal.staff.models import Branch, Staff, Team

__all__ = [
    "AuditEntry", "AuditHead", "AuditLink", "Branch", "ImportBatch", "Staff", "Submission",
    "SubmissionDecision", "Team",
]  # fmt: skip
