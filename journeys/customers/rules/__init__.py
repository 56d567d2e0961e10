"""What a search means, and whom a file names."""

from journeys.customers.rules.naming import lock_named
from journeys.customers.rules.searching import way_of

__all__ = ["lock_named", "way_of"]
