"""The words of early warning."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What is looked for."""

    BUDGET = "budget", _("Budget used up soon")
    BURST = "burst", _("Burst of redemptions")
    NEVER_USED = "never_used", _("Cards issued and never used")
    SPLITTING = "splitting", _("Purchases split")
    SHARED = "shared", _("Customers of one person share phone or address")
    SELF_DEALING = "self", _("Staff rewarded as a customer")
    DESK = "desk", _("Same customers served again and again by one person")
    MONTH_END = "month_end", _("Month-end push")
    COMPLAINTS = "complaints", _("Complaints above the usual")
    REFUND = "refund", _("Refund after reward")
    CONCENTRATION = "partner", _("Redemptions at one partner")
    SLEEPING = "sleeping", _("Sleeping cards near the ceiling")


class Subject(models.TextChoices):
    """What an alert is about."""

    CAMPAIGN = "campaign", _("Campaign")
    VERSION = "version", _("Version of a campaign")
    SCRIPT = "script", _("Message text")
    BRANCH = "branch", _("Branch")
    STAFF = "staff", _("Member of staff")
    MERCHANT = "merchant", _("Merchant")
    CUSTOMER = "customer", _("Customer")


class Severity(models.TextChoices):
    WARN = "warn", _("To be looked at")
    SEVERE = "severe", _("Severe")


class State(models.TextChoices):
    OPEN = "open", _("Not looked at yet")
    LOOKING = "looking", _("Being looked at")
    CONFIRMED = "confirmed", _("Confirmed")
    DISMISSED = "dismissed", _("Dismissed")
    SETTLED = "settled", _("Settled")


class Mover(models.TextChoices):
    """Who makes a move."""

    PERSON = "person", _("A person")
    APPEAL = "appeal", _("Decision of an appeal")
    SWEEP = "sweep", _("By the clock")


class Action(models.TextChoices):
    """What follows from an alert by policy."""

    TELL = "tell", _("Tell the owner")
    PAUSE = "pause", _("Stop the campaign, and tell its owner")
