"""What files that name merchants are held to, how names are compared, and codes of divisions."""

from merchants.directory.rules.files import UNKNOWN_MERCHANT, unknown_merchant
from merchants.directory.rules.naming import name_key
from merchants.directory.rules.places import above, normal_code

__all__ = ["UNKNOWN_MERCHANT", "above", "name_key", "normal_code", "unknown_merchant"]
