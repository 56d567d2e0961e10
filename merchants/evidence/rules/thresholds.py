"""From when on something is told of a merchant."""

from portal.kit import fewest

# Before, after, and something to compare them with: three quarters of a year.
FEWEST_WEEKS = 39
# A week, in the mean of the latest year: fewer are few persons too.
FEWEST_POSTINGS = fewest.FEWEST
# Where not even a fall by half within a quarter would show, nothing is said.
UNEVEN = 0.5
# Less is no matter for a partnership, however sure it is.
SMALLEST_CHANGE = 0.10
# As good as no turnover for so long is a fall to nothing; a refit takes less.
CLOSED_WEEKS = 6
