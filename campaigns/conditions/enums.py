"""What the examination of one condition can find, and the choices that conditions offer."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Finding(models.TextChoices):
    MET = "met", _("Met")
    NOT_MET = "not_met", _("Not met")
    NOT_EXAMINED = "not_examined", _("Not examined")


class LastDay(models.TextChoices):
    """Whether the last day of a span of days still counts."""

    INSIDE = "inside", _("The last day counts")
    OUTSIDE = "outside", _("The last day does not count")


class CountedFrom(models.TextChoices):
    """From when the days of a window are counted."""

    ISSUE = "issue", _("The day of issue")
    ACTIVATION = "activation", _("The day of activation")
    DATES = "dates", _("Fixed days")


class Refunds(models.TextChoices):
    """When a refund is deducted from a sum."""

    WHEN_POSTED = "when_posted", _("Where the refund itself posts within the days")
    OF_PURCHASES = "of_purchases", _("From the purchase that it belongs to, whenever it posts")


class Group(models.TextChoices):
    """How the kinds of condition stand together in a menu."""

    WHO = "who", _("Who the customer is")
    CARD = "card", _("Card")
    SPENDING = "spending", _("Spending")
    POINTS = "points", _("Points")
    CONTACT = "contact", _("Contact")
    HISTORY = "history", _("History")


class Entry(models.TextChoices):
    """How the value of a field is typed or chosen."""

    WHOLE = "whole", _("Whole number")
    AMOUNT = "amount", _("Amount")
    DAY = "day", _("Day")
    ONE = "one", _("One of a list")
    SOME = "some", _("Some of a list")
    CODES = "codes", _("Codes")


class Source(models.TextChoices):
    """The tables whose codes a condition may name."""

    BRANCHES = "branches", _("Branches")
    PRODUCTS = "products", _("Card products")
    MERCHANTS = "merchants", _("Merchants")
    CATEGORIES = "categories", _("Merchant categories")
    CAMPAIGNS = "campaigns", _("Campaigns")
