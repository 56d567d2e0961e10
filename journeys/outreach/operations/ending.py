"""The end of messages that reach nobody: their contacts are given back, and whoever had them
written is told, in the transaction that ends them."""

import datetime as dt
from collections.abc import Sequence

from journeys.contact import operations as contact
from portal.kit.outgoing import Unsent
from portal.kit.registry import registry


def end(*, over: Sequence[Unsent], at: dt.datetime) -> None:
    """This will release the contacts of messages that are over, and tell of them."""
    if not over:
        return
    contact.release_contacts(causes=[(one.customer_id, one.dedup_key) for one in over], at=at)
    for told in registry.told_unsent:
        told(over, at)


def why_of(failure: str) -> str:
    """This will return the code of a failure without the gateway's words behind it."""
    return failure.partition(":")[0]
