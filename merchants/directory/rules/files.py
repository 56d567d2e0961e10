"""What files that name merchants are held to."""

from django.utils.translation import gettext_lazy as _

from portal.intake.rules import Check, Reason, unknown

UNKNOWN_MERCHANT = Reason("unknown_merchant", _("There is no merchant with this number."))


def unknown_merchant(column: str = "merchant") -> Check:
    """This will return the check that a staged column names merchants who are on file."""
    return unknown(column, "merchants_merchant", "number", UNKNOWN_MERCHANT)
