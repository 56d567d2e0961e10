"""How a benefit begins, and what is taken back of it."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from campaigns.benefits import queries, rules
from campaigns.benefits.enums import EntryKind, Taken
from campaigns.benefits.models import Benefit, UsedBefore
from campaigns.benefits.operations.entries import entry_of
from portal.audit import operations as audit


def begin(*, campaign_id: int, opened: Sequence[rules.Opened], from_date: dt.date) -> None:
    """This will begin benefits with their grants, in the caller's transaction."""
    Benefit.objects.bulk_create(
        Benefit(
            campaign_id=campaign_id,
            grant_id=one.grant_id,
            customer_id=one.customer_id,
            uses=one.uses,
            left=one.uses,
            from_date=from_date,
            end_date=one.end_date,
        )
        for one in opened
    )


def take_back(*, grant_id: int, amount: Decimal, lost_date: dt.date, at: dt.datetime) -> Taken:
    """This will take back what is left of the benefit of a grant, in the caller's transaction, and
    tell what that was.

    ALL where nothing was used, or where the grant is no benefit: then the grant can be reversed.
    What was used cannot be taken back: then the rest is (REST), the grant stands, so that neither
    it nor what it was charged with is given a second time, and `UsedBefore` asks somebody what is
    to become of it. NOTHING where that was done before, or where somebody gave the rest back after
    what undid the grant on `lost_date`. `amount` is what the whole grant is worth.
    """
    benefit = Benefit.objects.select_for_update().filter(grant=grant_id).first()
    if benefit is None:
        return Taken.ALL
    stands = queries.standing_of(benefit)
    if stands.used and queries.was_restored(benefit, after=lost_date):
        return Taken.NOTHING
    if benefit.left:
        entry_of(benefit=benefit, kind=EntryKind.TAKE_BACK, units=-benefit.left, at=at).save()
    if not stands.used:
        return Taken.ALL
    if not benefit.left and (stands.taken_back or benefit.used_before.exists()):
        return Taken.NOTHING
    row = UsedBefore.objects.create(
        benefit=benefit,
        used=stands.used,
        worth=rules.worth_of(amount, stands.used, stands.uses),
        noted_at=at,
    )
    audit.record(
        action="benefit.rest_taken_back",
        actor=None,
        at=at,
        target=benefit,
        changes={"grant": grant_id, "used": row.used, "rest": stands.left},
    )
    return Taken.REST
