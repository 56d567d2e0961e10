"""Pauses of marketing, for one person and for what comes in as files."""

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from journeys.contact.enums import PauseKind
from journeys.contact.models import MarketingPause
from journeys.contact.operations.locking import lock_customer
from portal.audit import operations as audit
from portal.staff.models import Staff

# Of rows (customer_id, reference, since, until): a pause for each without an end, and the end.
_PAUSES_FOLLOW = """
INSERT INTO journeys_marketingpause (customer_id, kind, reference, since)
SELECT named.customer_id, '{kind}', named.reference, named.since FROM ({named}) AS named
WHERE named.until IS NULL ORDER BY named.customer_id
ON CONFLICT (kind, reference) WHERE until IS NULL DO NOTHING
"""
_ENDS_FOLLOW = """
UPDATE journeys_marketingpause AS pause SET until = greatest(named.until, pause.since)
FROM ({named}) AS named
WHERE pause.kind = '{kind}' AND pause.reference = named.reference AND pause.until IS NULL
  AND named.until IS NOT NULL
"""


class AlreadyPaused(Exception):
    """Raised when marketing rests already for the same reason."""


class NotPaused(Exception):
    """Raised when marketing is to go on that does not rest for this reason."""


@transaction.atomic
def pause_marketing(
    *, customer_id: int, kind: PauseKind, reference: str, actor: Staff | None, at: dt.datetime
) -> MarketingPause:
    """This will let marketing to a person rest until what `reference` names is settled. It binds
    the very next sending, that of messages queued before included.

    Raises UnknownCustomer, ErasedCustomer and AlreadyPaused.
    """
    lock_customer(customer_id)
    if MarketingPause.objects.filter(kind=kind, reference=reference, until=None).exists():
        raise AlreadyPaused(reference)
    pause = MarketingPause.objects.create(
        customer_id=customer_id, kind=kind, reference=reference, since=at
    )
    _record_pause("marketing.paused", pause, actor, at)
    return pause


@transaction.atomic
def resume_marketing(
    *, kind: PauseKind, reference: str, actor: Staff | None, at: dt.datetime
) -> MarketingPause:
    """This will end a pause; others of the same person hold on. Raises NotPaused."""
    open_ones = MarketingPause.objects.select_for_update(of=("self",)).select_related("customer")
    pause = open_ones.filter(kind=kind, reference=reference, until=None).first()
    if pause is None:
        raise NotPaused(reference)
    # The clocks of two machines may differ by more than a short pause lasts.
    MarketingPause.objects.filter(pk=pause.pk).update(until=Greatest(F("since"), at))
    _record_pause("marketing.resumed", pause, actor, at)
    return pause


def _record_pause(action: str, pause: MarketingPause, actor: Staff | None, at: dt.datetime) -> None:
    audit.record(
        action=action,
        actor=actor,
        at=at,
        target=pause.customer,
        changes={"kind": pause.kind, "reference": pause.reference},
    )


@transaction.atomic
def end_pauses(*, kind: PauseKind, since_before: dt.datetime, at: dt.datetime) -> int:
    """This will end the pauses of a kind that began before an instant: their time is over. It
    returns how many those were."""
    rows = MarketingPause.objects.filter(kind=kind, until=None, since__lte=since_before)
    ids = list(rows.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True))
    MarketingPause.objects.filter(pk__in=ids).update(until=Greatest(F("since"), at))
    if ids:
        changes = {"kind": kind.value, "pauses": len(ids)}
        audit.record(action="marketing.peace_over", actor=None, at=at, changes=changes)
    return len(ids)


def pauses_of_many(*, kind: PauseKind, named: str) -> tuple[str, str]:
    """This will return the statements by which pauses follow from facts that come in as files.

    `named` is a query of (customer_id, reference, since, until); where `until` is null, marketing
    rests. The caller holds the customers locked.
    """
    return (
        _PAUSES_FOLLOW.format(kind=kind.value, named=named),
        _ENDS_FOLLOW.format(kind=kind.value, named=named),
    )
