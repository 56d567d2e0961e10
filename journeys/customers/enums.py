"""What a customer is, and by what right we hold the data."""

import enum

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


class Trait(models.TextChoices):
    """What one person has under every number, and by what a refusal finds whom it holds for. The
    words stand within a sentence."""

    PHONE = "phone", _("phone")
    ID_NUMBER = "id_number", _("ID number")
    EMAIL = "email", _("e-mail address")


class SearchWay(enum.StrEnum):
    """By what a customer is looked for; what was typed tells it."""

    NOTHING = "nothing"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    EMAIL = "email"
    MASKED_PHONE = "masked_phone"
    PHONE_TAIL = "phone_tail"
    NUMBER = "number"
    EXACT_NUMBER = "exact_number"
    INITIALS = "initials"
    PINYIN = "pinyin"
    NAME = "name"
