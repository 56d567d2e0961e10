"""How fast the gateways may be given messages: buckets in Valkey, filled by the rates in force.

Where Valkey does not answer, each sender fills a bucket of its own with its share of the rate: at
most OUTBOX_SENDERS of them send at once, so nothing goes too fast, and nothing stops (decision
0126).
"""

import datetime as dt
import logging
from collections.abc import Iterable
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from journeys.outreach import queries
from journeys.outreach.models import SendingRate
from portal.audit import operations as audit
from portal.kit import clock, valkey
from portal.staff.models import Staff

logger = logging.getLogger(__name__)


class RateNotAllowed(Exception):
    """Raised when a rate would hold for days that have passed, or there is one for its day; its
    text is a sentence for a person."""


class Pace:
    """The pace of the channels during one run."""

    def __init__(self, channels: Iterable[str], at: dt.datetime) -> None:
        on = clock.bank_day(at)
        self._buckets: dict[str, _Bucket] = {}
        for channel in channels:
            gateway = gateway_of(channel)
            rate = queries.rate_in_force(channel=channel, gateway=gateway, on=on)
            if rate is not None:
                name = f"outbox:{channel}:{gateway}"
                self._buckets[channel] = _Bucket(name, rate.per_minute, rate.burst)

    def take(self, channel: str, wanted: int, at: dt.datetime) -> int:
        """This will tell how many of the `wanted` messages a channel may be given now."""
        bucket = self._buckets.get(channel)
        return wanted if bucket is None else bucket.take(wanted, at.timestamp())

    def give_back(self, channel: str, number: int, at: dt.datetime) -> None:
        """This will give back what was taken and not used."""
        bucket = self._buckets.get(channel)
        if bucket is not None and number:
            bucket.take(-number, at.timestamp())


def gateway_of(channel: str) -> str:
    """This will return the host of a channel's gateway, as the settings name it."""
    url = str(getattr(settings, f"{channel.upper()}_URL", ""))
    return urlsplit(url).hostname or str(getattr(settings, f"{channel.upper()}_HOST", ""))


@transaction.atomic
def set_sending_rate(
    *,
    channel: str,
    gateway: str,
    effective_date: dt.date,
    per_minute: int,
    burst: int,
    source: str,
    actor: Staff,
    at: dt.datetime,
) -> SendingRate:
    """This will set how fast a channel's gateway may be given messages from a bank's day on, today
    at the earliest; `gateway` is its host, "" for whichever there is. Raises RateNotAllowed."""
    if effective_date < clock.bank_day(at):
        raise RateNotAllowed(_("A rate cannot hold for days that have passed."))
    known = {"channel": channel, "gateway": gateway, "effective_date": effective_date}
    if SendingRate.objects.filter(**known).exists():
        raise RateNotAllowed(_("There is a rate for this day already."))
    rate = SendingRate.objects.create(
        **known, per_minute=per_minute, burst=burst, source=source.strip()
    )
    audit.record(
        action="outbox.rate_set",
        actor=actor,
        at=at,
        target=rate,
        reason=rate.source,
        changes={"per_minute": per_minute, "burst": burst, "gateway": gateway},
    )
    return rate


class _Bucket:
    """The bucket in Valkey, and the one of this process that stands in for it."""

    def __init__(self, name: str, per_minute: int, burst: int) -> None:
        self._name, self._per_minute, self._burst = name, per_minute, burst
        self._fuse = valkey.Fuse(2)
        self._share = per_minute / 60 / settings.OUTBOX_SENDERS
        self._share_burst = max(1, burst // settings.OUTBOX_SENDERS)
        self._left = 0.0
        self._filled_at: float | None = None

    def take(self, wanted: int, at: float) -> int:
        if self._fuse.is_blown:
            return self._take_own(wanted, at)
        try:
            taken = valkey.take_some(
                self._name, per_minute=self._per_minute, burst=self._burst, wanted=wanted, at=at,
                # What filled it meanwhile was used up here.
                is_anew=self._filled_at is not None,
            )  # fmt: skip
        except redis.RedisError as error:
            self._fuse.blow()
            logger.warning("Valkey does not answer, a share of the rate is kept: %s", error)
            return self._take_own(wanted, at)
        self._filled_at = None
        return taken

    def _take_own(self, wanted: int, at: float) -> int:
        if self._filled_at is None:
            self._filled_at, self._left = at, 0.0
        passed = max(0.0, at - self._filled_at)
        self._filled_at = max(at, self._filled_at)
        self._left = min(self._share_burst, self._left + passed * self._share)
        taken = min(wanted, int(self._left))
        self._left = min(self._share_burst, self._left - taken)
        return taken
