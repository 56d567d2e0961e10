"""What a customer is, and by what right we hold the data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomerKind(models.TextChoices):
    PERSON = "person", _("Person")
    COMPANY = "company", _("Small company")


class Source(models.TextChoices):
    """Where a person's data came from."""

    CORE_BANKING = "core_banking", _("Core banking system")
    APPLICATION = "application", _("Card application")
    REGISTRY = "registry", _("Company registry data")
    INTERNAL = "internal", _("Internal data")
    POST = "post", _("On-site post")
    REFERRAL = "referral", _("Referral")
    CAMPAIGN = "campaign", _("Campaign")
    FILE = "file", _("Imported file")


class LawfulBasis(models.TextChoices):
    """Grounds of processing: Personal Information Protection Law (PIPL), article 13."""

    CONSENT = "consent", _("Consent")
    CONTRACT = "contract", _("Contract")
    LEGAL_DUTY = "legal_duty", _("Legal duty")
    PUBLIC_DATA = "public_data", _("Lawfully disclosed data")


class SearchWay(models.TextChoices):
    """By what a customer is looked for; what was typed tells it."""

    NOTHING = "nothing", _("Everybody")
    PHONE = "phone", _("Full phone")
    ID_NUMBER = "id_number", _("Full ID number")
    EMAIL = "email", _("Full e-mail address")
    MASKED_PHONE = "masked_phone", _("Masked phone")
    PHONE_TAIL = "phone_tail", _("Last 4 digits of the phone")
    NUMBER = "number", _("Customer number")
    INITIALS = "initials", _("Initials of the pinyin")
    PINYIN = "pinyin", _("Pinyin")
    NAME = "name", _("Name")
