"""How few persons are too few for figures that tell of nobody, and figures made coarse enough."""

# Of fewer than so many no figure is shown to who is to see no persons.
FEWEST = 5


def is_few(count: int) -> bool:
    """This will tell whether something happened, but so little that a figure of it may tell of
    single persons."""
    return 0 < count < FEWEST


def coarse(count: int) -> int:
    """This will round a count to fives, and what is below the fewest to none: so that neither the
    count nor what lacks from it to a sum tells of single persons."""
    return 0 if count < FEWEST else round(count / FEWEST) * FEWEST
