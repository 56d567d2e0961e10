"""What is said across the apps about messages that go out: under which names, and which of them
reached nobody."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class SenderList:
    """The names under which the bank sends by SMS. `permitted(day)` lists those that may be used
    (None where no list is in force), `withdrawn(day)` those that may not be used any more."""

    permitted: Callable[[dt.date], tuple[str, ...] | None]
    withdrawn: Callable[[dt.date], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message that reached nobody and never will: whom it was for, the key of its cause, by which
    channel it was to go, and the outbox's words for the kind of failure and for why."""

    customer_id: int
    dedup_key: str
    channel: str
    kind: str
    why: str


# Whoever wants to know of messages that reached nobody: told in the transaction that ends them.
ToldUnsent = Callable[[Sequence[Unsent], dt.datetime], None]
