"""What becomes of benefits that had been used before they were lost."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.benefits import queries
from campaigns.benefits.enums import CHOSEN, EntryKind, Outcome
from campaigns.benefits.models import Benefit, UsedBefore
from campaigns.benefits.operations.entries import entry_of, plain_words
from portal.audit import operations as audit
from portal.staff.access import Scope
from portal.staff.models import Staff


class SettlingRefused(Exception):
    """Raised where it was settled already, or cannot be so; the text is for a person."""


@transaction.atomic
def settle(
    *, row_id: int, outcome: str, words: str, scope: Scope, actor: Staff, at: dt.datetime
) -> UsedBefore:
    """This will settle what is to become of a benefit that was used before it was lost: one of
    `CHOSEN`, with words. Where the rest is given back, the customer can use it until its last day.
    Raises SettlingRefused."""
    found = queries.used_before(scope=scope).filter(pk=row_id)
    # The benefit before the row, as whoever records a use or undoes one takes them.
    owners = found.order_by().values("benefit")
    list(Benefit.objects.filter(pk__in=owners).select_for_update().order_by("id"))
    row = found.select_for_update(of=("self",)).first()
    if row is None or row.outcome:
        raise SettlingRefused(_("This was settled already."))
    words = plain_words(words)
    if outcome not in CHOSEN or not words:
        raise SettlingRefused(_("Say what was agreed."))
    if outcome == Outcome.RESTORED:
        _restore(row, words, actor, at)
    row.outcome, row.words, row.settled_by, row.settled_at = outcome, words, actor, at
    row.save(update_fields=["outcome", "words", "settled_by", "settled_at"])
    audit.record(
        action="benefit.settled",
        actor=actor,
        at=at,
        target=row.benefit,
        reason=words,
        changes={"outcome": outcome, "used": row.used, "worth": str(row.worth)},
    )
    return row


def _restore(row: UsedBefore, words: str, actor: Staff, at: dt.datetime) -> None:
    taken = list(queries.standing_entries(row.benefit, EntryKind.TAKE_BACK))
    if not taken:
        raise SettlingRefused(_("All of it was used: there is no rest to give back."))
    for one in taken:
        entry_of(
            benefit=row.benefit, kind=EntryKind.RESTORE, units=-one.units, at=at, undoes=one,
            reason=words, recorded_by=actor,
        ).save()  # fmt: skip
