"""The end of messages that reach nobody: their contacts are given back, and whoever had them
written is told, in the transaction that ends them."""

import datetime as dt
from collections.abc import Sequence

from journeys.contact import operations as contact
from portal.kit.outgoing import Unsent
from portal.kit.registry import registry


def end(*, over: Sequence[Unsent], at: dt.datetime) -> None:
    """This will release the contacts of messages that are over, and tell of them."""
    release(over=over, at=at)
    tell(over=over, at=at)


def release(*, over: Sequence[Unsent], at: dt.datetime) -> None:
    """This will release the contacts of messages that are over; the caller tells of them, once for
    its transaction (`tell`)."""
    if over:
        contact.release_contacts(causes=[(one.customer_id, one.dedup_key) for one in over], at=at)


def tell(*, over: Sequence[Unsent], at: dt.datetime) -> None:
    """This will tell of messages that are over. Whoever is told locks what is theirs in one order,
    which holds if a transaction tells once."""
    if over:
        for told in registry.told_unsent:
            told(over, at)


def why_of(failure: str) -> str:
    """This will return the code of a failure without the gateway's words behind it."""
    return failure.partition(":")[0]
