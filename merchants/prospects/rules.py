"""Which places shares leave open."""

from collections.abc import Sequence

from portal.kit.shares import Share


def places(shares: Sequence[Share]) -> list[tuple[int, int]]:
    """This will tell for each share from which to which place it may stand: those whose intervals
    overlap cannot be told apart, and share their places. (1, 1) is the first for certain."""
    return [
        (
            1 + sum(other.low > own.high for other in shares),
            len(shares) - sum(other.high < own.low for other in shares),
        )
        for own in shares
    ]
