"""What the examination of one condition can find, and the choices that conditions offer."""

import enum

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


class BroughtTo(models.TextChoices):
    """How far the card of a person must have come for him to count as brought."""

    ISSUED = "issued", _("issued")
    ACTIVATED = "activated", _("activated")
    USED = "used", _("first used")


class Group(models.TextChoices):
    """How the kinds of condition stand together in a menu."""

    WHO = "who", _("Who the customer is")
    CARD = "card", _("Card")
    SPENDING = "spending", _("Spending")
    POINTS = "points", _("Points")
    CONTACT = "contact", _("Contact")
    HISTORY = "history", _("What went before")


class Entry(enum.StrEnum):
    """How the value of a field is typed or chosen."""

    WHOLE = "whole"
    AMOUNT = "amount"
    DAY = "day"
    ONE = "one"  # of a list
    SOME = "some"  # of a list
    CODE = "code"  # of a table
    CODES = "codes"


class Source(enum.StrEnum):
    """The tables whose codes a condition may name."""

    BRANCHES = "branches"
    PRODUCTS = "products"
    MERCHANTS = "merchants"
    CATEGORIES = "categories"
    CAMPAIGNS = "campaigns"
    DIVISIONS = "divisions"
