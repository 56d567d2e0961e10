"""The Django admin of campaigns: dated rules that administrators add."""

from django.contrib import admin

from campaigns.models import SubmissionRule
from portal.admin import AuditedAdmin


@admin.register(SubmissionRule)
class SubmissionRuleAdmin(AuditedAdmin):
    """How a campaign is submitted and may move: a new rule is added, none is changed."""

    list_display = ["effective_date", "dry_run_days", "audience_percent", "cost_percent"]
    ordering = ["-effective_date"]
