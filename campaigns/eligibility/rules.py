"""How a run is cut into chunks, when a chunk is given up or asked for again, who is in the control
group, and the adding up of what chunks found."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

# Enough chunks to share among workers and to show progress, each small enough for one
# transaction of a few seconds.
SMALLEST_CHUNK, LARGEST_CHUNK, CHUNKS_WANTED = 5_000, 50_000, 20
MOST_ATTEMPTS = 3
# A chunk that nobody works on and that was asked for this long ago is asked for again.
STALE_AFTER = dt.timedelta(seconds=20)
WORKER_LOST = "worker_lost"
DAYS_OVER = "days_over"
DRIFTED = "drifted"
NOT_APPROVED = "not_approved"
# A back-test is an evening's run for each of its days.
MOST_DAYS = 92


def chunk_size(customers: int) -> int:
    """This will return how many customers go into a chunk of a run over `customers`."""
    return min(LARGEST_CHUNK, max(SMALLEST_CHUNK, -(-customers // CHUNKS_WANTED)))


def days_of(first: dt.date, last: dt.date) -> list[dt.date]:
    """This will list the days from the first to the last, both inside."""
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]


def is_control(campaign_code: str, customer_id: int, percent: int) -> bool:
    """This will tell whether a customer is in the control group of a campaign.

    A hash of the customer, keyed by the campaign: the same in each version and run, independent
    between campaigns, and whoever is in stays in where the share grows.
    """
    digest = hashlib.blake2b(
        str(customer_id).encode(), key=campaign_code.encode(), person=b"control", digest_size=8
    ).digest()
    return int.from_bytes(digest, "big") * 100 < percent << 64


class Tally:
    """How many and how much (CNY), by kind and key: ("award", "granted") for instance."""

    def __init__(self, data: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self._found: dict[str, dict[str, tuple[int, Decimal]]] = {}
        self.merge(data or {})

    def add(self, kind: str, key: str, count: int = 1, amount: Decimal = Decimal(0)) -> None:
        """This will add to a key."""
        keys = self._found.setdefault(kind, {})
        before = keys.get(key, (0, Decimal(0)))
        keys[key] = (before[0] + count, before[1] + amount)

    def merge(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """This will add what was written by `as_data`."""
        for kind, keys in data.items():
            for key, (count, amount) in keys.items():
                self.add(kind, key, count, Decimal(amount))

    def of(self, kind: str) -> dict[str, tuple[int, Decimal]]:
        """This will return the counts and amounts of a kind, by key."""
        return dict(self._found.get(kind, {}))

    def counts(self, kind: str) -> dict[str, int]:
        """This will return the counts of a kind, by key."""
        return {key: count for key, (count, _amount) in self.of(kind).items()}

    def as_data(self) -> dict[str, dict[str, Any]]:
        """This will write everything as plain JSON values."""
        return {
            kind: {key: [count, str(amount)] for key, (count, amount) in keys.items()}
            for kind, keys in self._found.items()
        }


def outcome_key(outcome: str, failed_at: int | None) -> str:
    """This will write outcome and first failed position as a tally's key."""
    return outcome if failed_at is None else f"{outcome}:{failed_at}"


def outcomes_in(tally: Tally) -> Iterator[tuple[str, int | None, int]]:
    """This will read the outcomes of a tally: outcome, first failed position, how many."""
    for key, count in tally.counts("outcome").items():
        outcome, _colon, position = key.partition(":")
        yield outcome, int(position) if position else None, count
