"""What a search means, whom a file names, and what two customers share."""

from journeys.customers.rules.naming import (
    lock_named,
    lock_sharing,
    numbers_of,
    unknown_customer,
    with_other_numbers,
)
from journeys.customers.rules.searching import (
    name_as_typed,
    spellings_of,
    way_of,
    ways_of,
)
from journeys.customers.rules.traits import HASH_OF

__all__ = [
    "HASH_OF", "lock_named", "lock_sharing", "name_as_typed", "numbers_of", "spellings_of",
    "unknown_customer", "way_of", "ways_of", "with_other_numbers",
]  # fmt: skip
