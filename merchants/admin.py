"""Merchant tables that administrators keep."""

from django.contrib import admin

from merchants.models import MerchantCategory
from portal.admin import AuditedAdmin


@admin.register(MerchantCategory)
class MerchantCategoryAdmin(AuditedAdmin):
    """Category codes and the scenarios they belong to."""

    list_display = ["mcc", "name", "name_en", "scenario"]
    list_filter = ["scenario"]
    search_fields = ["mcc", "name", "name_en"]
    ordering = ["mcc"]
