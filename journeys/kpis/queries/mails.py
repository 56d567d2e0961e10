"""Who gets the report by mail, and about which days."""

import datetime as dt

from journeys.kpis.models import ReportMail, ReportWish
from portal.kit.registry import registry
from portal.staff.enums import Permission, Role
from portal.staff.models import Staff

# A longer break than any holiday of the calendar.
_MOST_DAYS = 15


def wish_of(staff: Staff) -> ReportWish | None:
    """This will return what somebody said about the report by mail."""
    return ReportWish.objects.filter(staff=staff).first()


def gets_report(staff: Staff) -> bool:
    """This will tell whether somebody gets the report by mail."""
    wish = wish_of(staff)
    return wish.is_wanted if wish else staff.role == Role.BRANCH_MANAGER


def readers() -> list[Staff]:
    """This will list those at work who get the report and have an address."""
    wishes = dict(ReportWish.objects.values_list("staff_id", "is_wanted"))
    rows = Staff.objects.filter(is_active=True).exclude(email="").select_related("branch")
    return [
        one
        for one in rows.order_by("id")
        if one.may(Permission.VIEW_FIGURES) and wishes.get(one.pk, one.role == Role.BRANCH_MANAGER)
    ]


def mail_of(*, day: dt.date, staff: Staff) -> ReportMail | None:
    """This will return the mail with the report of a day to somebody."""
    return ReportMail.objects.filter(day=day, staff=staff).first()


def days_to_tell(on: dt.date) -> list[dt.date]:
    """This will list the days since the workday before `on`, that one included, whose reports are
    told on `on`; none where that is no workday."""
    first = on - dt.timedelta(days=_MOST_DAYS)
    works = registry.workdays(first, on + dt.timedelta(days=1)) if registry.workdays else {}
    if not works.get(on, on.weekday() < 5):
        return []
    days: list[dt.date] = []
    day = on - dt.timedelta(days=1)
    while day >= first:
        days.insert(0, day)
        if works.get(day, day.weekday() < 5):
            break
        day -= dt.timedelta(days=1)
    return days
