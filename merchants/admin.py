"""Merchant tables that administrators keep."""

from django.contrib import admin

from merchants.models import (
    CityTier,
    EvidenceRule,
    MerchantCategory,
    NegotiationRule,
    PartnershipRule,
    PostRule,
)
from portal.admin import AuditedAdmin


@admin.register(MerchantCategory)
class MerchantCategoryAdmin(AuditedAdmin):
    """Category codes and the scenarios they belong to."""

    list_display = ["mcc", "name", "name_en", "scenario"]
    list_filter = ["scenario"]
    search_fields = ["mcc", "name", "name_en"]
    ordering = ["mcc"]


@admin.register(PartnershipRule)
class PartnershipRuleAdmin(AuditedAdmin):
    """What holds for moves of partnerships: a new rule is added, none is changed."""

    list_display = ["effective_date", "least_days", "return_days", "stable_days", "alarms_a_week"]
    ordering = ["-effective_date"]


@admin.register(EvidenceRule)
class EvidenceRuleAdmin(AuditedAdmin):
    """From how much evidence of a kind on a move is suggested: a new rule is added, none is
    changed."""

    list_display = ["kind", "effective_date", "is_heard", "limit", "over", "stake"]
    list_filter = ["kind"]
    ordering = ["kind", "-effective_date"]


@admin.register(NegotiationRule)
class NegotiationRuleAdmin(AuditedAdmin):
    """Up to where terms are agreed on by one person: a new rule is added, none is changed."""

    list_display = ["effective_date", "most_cost_share", "most_months", "most_paid"]
    ordering = ["-effective_date"]


@admin.register(PostRule)
class PostRuleAdmin(AuditedAdmin):
    """What holds for shifts at posts: a new rule is added, none is changed."""

    list_display = ["effective_date", "needs", "early_minutes", "late_minutes", "most_hours"]
    ordering = ["-effective_date"]


@admin.register(CityTier)
class CityTierAdmin(AuditedAdmin):
    """How large cities are: a new row from a day on, none is changed."""

    list_display = ["city", "size", "effective_date"]
    list_filter = ["size"]
    ordering = ["city", "-effective_date"]
