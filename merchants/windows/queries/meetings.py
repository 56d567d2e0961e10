"""Meetings with partners."""

import datetime as dt

from django.db.models import QuerySet

from merchants.directory.models import MerchantContact
from merchants.partnerships.models import Partnership
from merchants.partnerships.queries.partnerships import own_work, visible
from merchants.windows.enums import MeetingState
from merchants.windows.models import Meeting
from portal.staff.access import Scope


def coming_within(*, scope: Scope, before: dt.date) -> QuerySet[Meeting]:
    """This will list the planned meetings before a day that are the work of a scope's person, the
    earliest first; those whose day has passed wait for what came of them."""
    rows = Meeting.objects.filter(
        own_work(scope, "partnership__"), state=MeetingState.PLANNED, on_date__lt=before
    )
    related = ("partnership__merchant", "partnership__manager")
    return rows.select_related(*related).order_by("on_date", "at_time", "id")


def list_meetings(*, scope: Scope, state: str = "") -> QuerySet[Meeting]:
    """This will list the meetings that a scope sees: planned ones by their day, others the latest
    first."""
    state = state if state in MeetingState.values else MeetingState.PLANNED
    rows = Meeting.objects.filter(visible(scope, "partnership__"), state=state)
    rows = rows.select_related("partnership__merchant", "partnership__manager")
    if state == MeetingState.PLANNED:
        return rows.order_by("on_date", "at_time", "id")
    return rows.order_by("-on_date", "-id")


def meetings_of(partnership: Partnership) -> list[Meeting]:
    """This will list the meetings with a partner, planned ones first, then the latest."""
    rows = Meeting.objects.filter(partnership=partnership).select_related("settled_by")
    found = list(rows.order_by("-on_date", "-id"))
    planned = [row for row in reversed(found) if row.is_planned]
    return [*planned, *(row for row in found if not row.is_planned)]


def one_meeting(*, scope: Scope, meeting_id: int) -> Meeting | None:
    """This will return a meeting that a scope sees, or None."""
    rows = Meeting.objects.filter(visible(scope, "partnership__"), pk=meeting_id)
    return rows.select_related(
        "partnership__merchant", "partnership__manager", "partnership__branch", "planned_by",
        "settled_by",
    ).first()  # fmt: skip


def people_of(meeting: Meeting) -> list[MerchantContact]:
    """This will list with whom a meeting is."""
    rows = meeting.people.select_related("contact").order_by("id")
    return [row.contact for row in rows]
