"""Where a person stands in a draw: the same each time, and for each salt another place.

The draw goes by the person: whoever is on file under several numbers with one ID number stands at
one place under all of them; without an ID number each number is a person of its own.
"""

# Places are 0 to PLACES - 1, each as likely as the other: a share of 5 % are those below 50 000.
PLACES = 1_000_000


def place_sql(salt: str, customer: str, *, key: str = "id") -> str:
    """This will return the expression for the place in the draw of `salt` (an expression of bytes,
    NULL where nothing is drawn) of the row `customer`, which has `bearer` and the id as `key`. The
    function of the database is written out in place by the planner."""
    return f"journeys_place_of({salt}, {customer}.bearer, {customer}.{key})"
