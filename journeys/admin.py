"""Tables of the customer journey that administrators keep."""

from django.contrib import admin

from journeys.models import (
    CardProduct,
    ComplaintRule,
    ContactRule,
    CutoffRule,
    NoticeRule,
    RevealRule,
    RightsRule,
    ScorecardRule,
)
from portal.admin import AuditedAdmin


@admin.register(CardProduct)
class CardProductAdmin(AuditedAdmin):
    """Card products, the bank's own and rival ones."""

    list_display = ["code", "name", "name_en", "issuer", "is_own", "is_active"]
    list_filter = ["is_own", "is_active"]
    search_fields = ["code", "name", "name_en"]
    ordering = ["code"]
    exclude = ["as_of", "heard_at"]  # said by files


@admin.register(ContactRule)
class ContactRuleAdmin(AuditedAdmin):
    """Limits of contact, to look at: compliance officers set them on a page of their own."""

    list_display = ["effective_date", "day_cap", "month_cap"]
    ordering = ["-effective_date"]


@admin.register(CutoffRule)
class CutoffRuleAdmin(AuditedAdmin):
    """When the reports of days are closed: a new rule is added with its day, none is changed."""

    list_display = ["effective_date", "cutoff_time", "closed_time"]
    ordering = ["-effective_date"]


@admin.register(ComplaintRule)
class ComplaintRuleAdmin(AuditedAdmin):
    """Limits of complaints: a new rule is added with its day, none is changed."""

    list_display = ["effective_date", "simple_days", "complex_days", "extension_days"]
    ordering = ["-effective_date"]


@admin.register(RevealRule)
class RevealRuleAdmin(AuditedAdmin):
    """Limits of revealing: a new rule is added with its day, none is changed."""

    list_display = [
        "effective_date", "per_day", "searches_per_day", "dials_per_day", "reason_length",
    ]  # fmt: skip
    ordering = ["-effective_date"]


@admin.register(RightsRule)
class RightsRuleAdmin(AuditedAdmin):
    """Days and copies for requests about data: a new rule is added, none is changed."""

    list_display = ["effective_date", "answer_days", "copies_per_day", "certainty"]
    ordering = ["-effective_date"]


@admin.register(NoticeRule)
class NoticeRuleAdmin(AuditedAdmin):
    """How old a result may be and still be told: a new rule is added, none is changed."""

    list_display = ["effective_date", "days"]
    ordering = ["-effective_date"]


@admin.register(ScorecardRule)
class ScorecardRuleAdmin(AuditedAdmin):
    """What weighs scorecards, and what takes pay back: a new rule is added, none is changed."""

    list_display = ["effective_date", "margin", "hold_months", "unused_days", "settle_day"]
    ordering = ["-effective_date"]
