"""What a search means, whom a file names, what two customers share, where one stands in a draw."""

from journeys.customers.rules.drawing import PLACES, place_sql
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
    "HASH_OF", "PLACES", "lock_named", "lock_sharing", "name_as_typed", "numbers_of", "place_sql",
    "spellings_of", "unknown_customer", "way_of", "ways_of", "with_other_numbers",
]  # fmt: skip
