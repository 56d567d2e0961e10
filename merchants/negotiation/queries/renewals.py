"""Contracts that come to their end, negotiations that stand still, and reminders of both."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from merchants.directory import queries as directory
from merchants.directory.models import MerchantContract
from merchants.negotiation.enums import Purpose, ReminderState
from merchants.negotiation.models import Negotiation, Reminder
from merchants.negotiation.queries.negotiations import with_steps
from merchants.negotiation.rules import stages
from merchants.partnerships.enums import Phase
from merchants.partnerships.models import Partnership
from merchants.partnerships.queries.partnerships import own_work, visible
from portal.kit import clock
from portal.staff.access import Scope


@dataclass(frozen=True)
class Ending:
    """A contract that comes to its end and that no other follows, with the partnership, the
    negotiation in talks about what follows on it, if any, and the one about something else: an
    amendment changes a contract and does not go on after it."""

    contract: MerchantContract
    partnership: Partnership
    talks: Negotiation | None
    other: Negotiation | None = None

    @property
    def last_date(self) -> dt.date:
        assert self.contract.last_date is not None  # noqa: S101 (read where it has one)
        return self.contract.last_date

    def days_left(self, on: dt.date) -> int:
        """This will count the days until its last one."""
        return (self.last_date - on).days

    def is_past_notice(self, on: dt.date) -> bool:
        """This will tell whether the last day of notice has passed."""
        notice = self.contract.notice_date
        return notice is not None and notice < on


def endings_within(
    *,
    scope: Scope | None,
    on: dt.date,
    days: int,
    back: int = 0,
    is_own: bool = False,
    notice_within: int = 0,
) -> list[Ending]:
    """This will list the contracts of open partnerships whose last day comes within so many days,
    or came within `back` days, the earliest first; and those whose last day of notice comes within
    `notice_within` days. Of a scope, or of everybody without one; with `is_own` only a person's own
    work. A contract that another one follows is left out."""
    rows = Partnership.objects.exclude(phase__in=["", Phase.ENDED])
    if scope is not None:
        rows = rows.filter(own_work(scope) if is_own else visible(scope))
    later = MerchantContract.objects.filter(
        merchant=OuterRef("merchant"), first_date__gt=OuterRef("last_date")
    )
    contracts = MerchantContract.objects.filter(
        ~Exists(later),
        merchant__in=rows.order_by().values("merchant"),
        last_date__gte=on - dt.timedelta(days=back),
    ).annotate(notice_until=directory.NOTICE_UNTIL)
    ends = Q(last_date__lt=on + dt.timedelta(days=days))
    if notice_within:
        ends |= Q(notice_until__lt=on + dt.timedelta(days=notice_within))
    found = list(contracts.filter(ends).order_by("last_date", "id"))
    led = rows.filter(merchant__in=[row.merchant_id for row in found]).order_by("id")
    partnerships = {
        row.merchant_id: row for row in led.select_related("merchant", "manager", "branch")
    }
    talks = {
        row.partnership_id: row
        for row in Negotiation.objects.filter(
            partnership__in=[row.pk for row in partnerships.values()],
            stage__in=stages.IN_TALKS,
        ).order_by("id")
    }
    return [
        _ending(row, partnerships[row.merchant_id], talks.get(partnerships[row.merchant_id].pk))
        for row in found
    ]


def _ending(
    contract: MerchantContract, partnership: Partnership, talks: Negotiation | None
) -> Ending:
    if talks is None or follows_on(talks, contract):
        return Ending(contract, partnership, talks)
    return Ending(contract, partnership, None, talks)


def follows_on(talks: Negotiation, contract: MerchantContract) -> bool:
    """This will tell whether talks are about what follows on a contract: its renewal, or a first
    contract that was begun after its end."""
    if talks.purpose == Purpose.RENEWAL:
        return talks.contract_id == contract.pk
    if talks.purpose != Purpose.FIRST or contract.last_date is None:
        return False
    return clock.bank_day(talks.opened_at) > contract.last_date


def contract_that_ended(partnership: Partnership, *, on: dt.date) -> MerchantContract | None:
    """This will return the contract that ended last before a day; None where there is none."""
    rows = MerchantContract.objects.filter(merchant=partnership.merchant_id, last_date__lt=on)
    return rows.order_by("-last_date").first()


def contract_to_renew(partnership: Partnership, *, on: dt.date) -> MerchantContract | None:
    """This will return the contract that a renewal or amendment is about: the one that holds, or
    is still to come; None where there is none."""
    holds = Q(last_date=None) | Q(last_date__gte=on)
    rows = MerchantContract.objects.filter(holds, merchant=partnership.merchant_id)
    return rows.order_by("-first_date").first()


def stands_still(*, on: dt.date, days: int) -> QuerySet[Negotiation]:
    """This will list the negotiations in talks without a step for at least so many days, with
    partners that are."""
    talks = Negotiation.objects.filter(stage__in=stages.IN_TALKS)
    rows = with_steps(talks.exclude(partnership__phase=Phase.ENDED))
    before = clock.start_of(on - dt.timedelta(days=days - 1))
    rows = rows.filter(Q(stepped_at__lt=before))
    return rows.select_related("partnership").order_by("id")


def reminders_within(*, scope: Scope) -> QuerySet[Reminder]:
    """This will list the open reminders that are the work of a scope's person, the most pressing
    first."""
    rows = Reminder.objects.filter(own_work(scope, "partnership__"), state=ReminderState.OPEN)
    rows = rows.exclude(partnership__phase=Phase.ENDED)
    related = (
        "partnership__merchant", "partnership__manager", "partnership__branch", "contract",
        "negotiation",
    )  # fmt: skip
    return rows.select_related(*related).order_by("due_date", "id")
