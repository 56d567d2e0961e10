"""How a run is cut into chunks, and when a chunk is given up or asked for again."""

import datetime as dt

# Enough chunks to share among workers and to show progress, each small enough for one
# transaction of a few seconds.
SMALLEST_CHUNK, LARGEST_CHUNK, CHUNKS_WANTED = 5_000, 50_000, 20
MOST_ATTEMPTS = 3
# A chunk that nobody works on and that was asked for this long ago is asked for again.
STALE_AFTER = dt.timedelta(seconds=20)
WORKER_LOST = "worker_lost"


def chunk_size(customers: int) -> int:
    """This will return how many customers go into a chunk of a run over `customers`."""
    return min(LARGEST_CHUNK, max(SMALLEST_CHUNK, -(-customers // CHUNKS_WANTED)))
