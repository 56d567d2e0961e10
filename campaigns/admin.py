"""The Django admin of campaigns: dated rules that administrators add."""

from django.contrib import admin

from campaigns.models import SenderName, SubmissionRule
from portal.admin import AuditedAdmin


@admin.register(SubmissionRule)
class SubmissionRuleAdmin(AuditedAdmin):
    """How a campaign is submitted and may move: a new rule is added, none is changed."""

    list_display = ["effective_date", "dry_run_days", "audience_percent", "cost_percent"]
    ordering = ["-effective_date"]


@admin.register(SenderName)
class SenderNameAdmin(AuditedAdmin):
    """Under which names the bank sends: a row from a day on is added, none is changed."""

    list_display = ["name", "effective_date", "is_permitted"]
    ordering = ["name", "-effective_date"]
