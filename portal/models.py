"""The portal's models, gathered from its topics for Django."""

from portal.approvals.models import (
    ApprovalLevel,
    Submission,
    SubmissionAuthor,
    SubmissionDecision,
)
from portal.audit.models import AuditEntry, AuditHead, AuditLink
from portal.exports.models import Export
from portal.intake.models import ApiCall, ApiToken, ImportBatch, Upload
from portal.staff.models import Branch, Staff, Team

__all__ = [
    "ApiCall", "ApiToken", "ApprovalLevel", "AuditEntry", "AuditHead", "AuditLink", "Branch",
    "Export", "ImportBatch", "Staff", "Submission", "SubmissionAuthor", "SubmissionDecision",
    "Team", "Upload",
]  # fmt: skip
