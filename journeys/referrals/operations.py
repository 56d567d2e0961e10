"""Recording who brought an applicant."""

import datetime as dt

from django.db import connection, transaction
from django.utils.translation import gettext as _

from journeys.cards import queries as cards
from journeys.customers import queries as customers
from journeys.referrals import queries
from journeys.referrals.models import REASON_LENGTH, Referral
from portal.audit import operations as audit
from portal.kit import masking
from portal.staff.access import Scope
from portal.staff.models import Staff

# That of the trigger: nobody else records between what is looked at and what is written.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('journeys.referrals', 0))"


class ReferralRefused(Exception):
    """Raised where a referral cannot be recorded; `field` is where, the text for a person."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field


@transaction.atomic
def record_referral(
    *, number: str, referrer: str, scope: Scope, actor: Staff, at: dt.datetime
) -> Referral:
    """This will record that the customer with the number `referrer` brought the applicant of an
    application of the person's branches (`number`), as of the day of its filing. Raises
    ReferralRefused."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    application = cards.application_of(scope=scope, number=number)
    if application is None:
        raise ReferralRefused(
            "number", _("There is no application with this number in your branches.")
        )
    referrer_id = customers.id_of(referrer)
    if referrer_id is None:
        raise ReferralRefused("referrer", _("There is no customer with this invitation number."))
    _check(application.customer_id, referrer_id)
    row = Referral.objects.create(
        number=application.number,
        application=application,
        referred_id=application.customer_id,
        referrer_id=referrer_id,
        on_date=application.filed_date,
        recorded_by=actor,
    )
    audit.record(
        action="referral.recorded",
        actor=actor,
        at=at,
        target=row,
        changes={"application": number, "referrer": referrer},
    )
    return row


@transaction.atomic
def withdraw_referral(
    *, referral_id: int, reason: str, scope: Scope, actor: Staff, at: dt.datetime
) -> Referral:
    """This will withdraw a referral of a person of the scope that was recorded wrongly: it counts
    for nothing any more, and the right one can be recorded. What was granted for it is looked at
    by the campaigns (a trigger tells them). Raises ReferralRefused."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    rows = Referral.objects.filter(scope.branches("referred__branch"), pk=referral_id)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise ReferralRefused("", _("There is no such referral in your branches."))
    if row.is_withdrawn:
        raise ReferralRefused("", _("This referral was withdrawn already."))
    # An address may be longer under its mask.
    reason = masking.mask_text(reason)[:REASON_LENGTH]
    number, row.number = row.number, None
    row.withdrawn_at, row.withdrawn_by, row.reason = at, actor, reason
    row.save(update_fields=["number", "withdrawn_at", "withdrawn_by", "reason"])
    audit.record(
        action="referral.withdrawn",
        actor=actor,
        at=at,
        target=row,
        reason=reason,
        changes={"application": number},
    )
    return row


def _check(referred_id: int, referrer_id: int) -> None:
    persons = customers.same_person(referred_id)
    if referrer_id in persons:
        raise ReferralRefused("referrer", _("The applicant cannot have brought himself."))
    earlier = Referral.objects.filter(referred_id__in=persons, withdrawn_at=None).first()
    if earlier is not None:
        raise ReferralRefused(
            "number",
            _("The applicant was brought already, by application {number}.").format(
                number=earlier.number
            ),
        )
    if persons & queries.above(referrer_id):
        raise ReferralRefused(
            "referrer", _("The customer was brought by this applicant, or by those after.")
        )
