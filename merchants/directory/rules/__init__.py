"""What files that name merchants are held to, how names are compared, codes of divisions, and how
long contracts hold."""

from merchants.directory.rules.files import UNKNOWN_MERCHANT, unknown_merchant
from merchants.directory.rules.naming import name_key
from merchants.directory.rules.places import MUNICIPALITIES, above, city_of, normal_code
from merchants.directory.rules.spans import goes_on_until, last_day

__all__ = [
    "MUNICIPALITIES", "UNKNOWN_MERCHANT", "above", "city_of", "goes_on_until", "last_day",
    "name_key", "normal_code", "unknown_merchant",
]  # fmt: skip
