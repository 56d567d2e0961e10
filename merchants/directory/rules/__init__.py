"""What files that name merchants are held to, how names are compared, and codes of divisions."""

from merchants.directory.rules.files import UNKNOWN_MERCHANT, unknown_merchant
from merchants.directory.rules.naming import name_key
from merchants.directory.rules.places import MUNICIPALITIES, above, city_of, normal_code

__all__ = [
    "MUNICIPALITIES", "UNKNOWN_MERCHANT", "above", "city_of", "name_key", "normal_code",
    "unknown_merchant",
]  # fmt: skip
