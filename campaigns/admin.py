"""The Django admin of campaigns: dated rules that administrators add."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaigns.models import (
    EffectRule,
    EraRule,
    PausePolicy,
    SenderName,
    SubmissionRule,
    WarningRule,
)
from campaigns.texts import forms, queries
from portal.admin import AuditedAdmin


@admin.register(SubmissionRule)
class SubmissionRuleAdmin(AuditedAdmin):
    """How a campaign is submitted and may move: a new rule is added, none is changed."""

    list_display = ["effective_date", "dry_run_days", "audience_percent", "cost_percent"]
    ordering = ["-effective_date"]


@admin.register(EraRule)
class EraRuleAdmin(AuditedAdmin):
    """From which shares on a branch stands in an era: a new rule is added, none is changed."""

    list_display = [
        "effective_date", "months", "pull_percent", "batch_percent", "reached_percent",
        "partner_percent",
    ]  # fmt: skip
    ordering = ["-effective_date"]


@admin.register(EffectRule)
class EffectRuleAdmin(AuditedAdmin):
    """How the effect of campaigns is told: a new rule is added, none is changed."""

    list_display = ["effective_date", "window_days", "fewest", "error_percent", "power_percent"]
    ordering = ["-effective_date"]


@admin.register(WarningRule)
class WarningRuleAdmin(AuditedAdmin):
    """From which figures on a kind of warning is given: a new rule is added, none is changed."""

    list_display = ["kind", "effective_date", "days", "fewest", "wait", "warn", "severe"]
    ordering = ["kind", "-effective_date"]


@admin.register(PausePolicy)
class PausePolicyAdmin(AuditedAdmin):
    """What follows from a warning: a new policy is added, none is changed."""

    list_display = ["kind", "severity", "effective_date", "action"]
    ordering = ["kind", "severity", "-effective_date"]


@admin.register(SenderName)
class SenderNameAdmin(AuditedAdmin):
    """Under which names the bank sends: a row from a day on is added, none is changed. The page of
    a name says what goes under it, and whoever withdraws one says that this is to stop."""

    form = forms.SenderNameForm
    list_display = ["name", "effective_date", "is_permitted"]
    ordering = ["name", "-effective_date"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """This will show what goes under a name that stands, and ask about one that is added."""
        usual = ["name", "effective_date", "is_permitted", "source"]
        return [*usual, "goes_under_it"] if obj else [*usual, "stops"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["goes_under_it"] if obj else []

    @admin.display(description=_("stops where the name is withdrawn"))
    def goes_under_it(self, row: SenderName) -> str:
        """What stops where the name may not be used any more."""
        return forms.what_goes_under(queries.under(row.name))
