"""How the tree of reasons may grow."""

# A root is at 0. Deeper than this nobody finds a reason while the merchant is still talking.
MOST_DEPTH = 3
