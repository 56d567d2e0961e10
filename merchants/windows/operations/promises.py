"""What one side promised the other, and whether it was kept."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.windows.enums import PromiseState, Side
from merchants.windows.models import PartnerPromise
from merchants.windows.operations.guards import WindowNotAllowed, led, words
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.models import Staff


@transaction.atomic
def make_promise(
    *,
    partnership_id: int,
    side: str,
    said: str,
    due_date: dt.date,
    actor: Staff,
    at: dt.datetime,
    meeting_id: int | None = None,
) -> PartnerPromise:
    """This will note what one side promised, and until when. Raises WindowNotAllowed."""
    partnership = led(partnership_id=partnership_id, actor=actor)
    on = clock.bank_day(at)
    if side not in Side.values:
        raise WindowNotAllowed(_("Say who promised it."))
    if due_date < on:
        raise WindowNotAllowed(_("A promise is due today or later."))
    promise = PartnerPromise.objects.create(
        partnership=partnership, meeting_id=meeting_id, side=side, made_date=on,
        words=words(said, missing=_("Write down what was promised.")), due_date=due_date,
        noted_by=actor, noted_at=at,
    )  # fmt: skip
    audit.record(
        action="promise.made", actor=actor, at=at, target=promise,
        changes={"partnership": partnership.pk, "side": side, "due_date": due_date.isoformat()},
    )  # fmt: skip
    return promise


@transaction.atomic
def settle_promise(
    *, promise_id: int, kept: bool, result: str, actor: Staff, at: dt.datetime
) -> PartnerPromise:
    """This will tell whether a promise was kept; of one that was not, what came instead. Raises
    WindowNotAllowed."""
    of = PartnerPromise.objects.values_list("partnership_id", flat=True).get(pk=promise_id)
    led(partnership_id=of, actor=actor, must_be_open=False)
    promise = PartnerPromise.objects.get(pk=promise_id)
    if not promise.is_open:
        raise WindowNotAllowed(_("What became of this promise is told already."))
    missing = "" if kept else _("Say what came instead: the next talk begins with it.")
    promise.result = words(result, missing=missing)
    promise.state = PromiseState.KEPT if kept else PromiseState.BROKEN
    promise.settled_by, promise.settled_at = actor, at
    promise.save(update_fields=["state", "settled_by", "settled_at", "result"])
    audit.record(
        action="promise.settled", actor=actor, at=at, target=promise, reason=promise.result,
        changes={"partnership": of, "state": promise.state},
    )  # fmt: skip
    return promise
