"""The home panel of complaints that near their limit, and what complaints and cases add to a
customer's timeline."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.care import queries, rules
from journeys.care.models import CareEvent, Complaint, ServiceCase
from portal.kit import clock, masking, timeline
from portal.kit.ends import Ends, ends_of
from portal.kit.todo import Todo
from portal.staff.access import scope_of, staff_of

_FIRST = 5


def nearing_limit(request: HttpRequest) -> dict[str, Any] | None:
    """This will give the open complaints of the scope whose end is near or has passed."""
    on = clock.today()
    rows = queries.nearing_limit(scope=scope_of(staff_of(request)), on=on)
    ends = ends_of(rows, on)
    return {
        "todo": _to_answer(ends),
        "count": ends.late + ends.near,
        "near_days": rules.NEAR_DAYS,
        "rows": [
            {"complaint": row, "clock": rules.clock_on(row.due_date, on)} for row in rows[:_FIRST]
        ],
    }


def _to_answer(ends: Ends) -> list[Todo]:
    url = reverse("complaint_list")
    return [
        Todo(
            label=_("Answer the complaints that are overdue"),
            brief=ngettext("{count} complaint overdue", "{count} complaints overdue", ends.late),
            count=ends.late,
            url=url,
            due=ends.late_since,
            is_late=True,
        ),
        Todo(
            label=_("Answer the complaints whose limit is near"),
            brief=ngettext(
                "{count} complaint near its limit", "{count} complaints near their limit", ends.near
            ),
            count=ends.near,
            url=url,
            due=ends.next_due,
        ),
    ]


_OF_COMPLAINTS, _OF_CASES = range(2)


def story(asked: timeline.Asked) -> list[timeline.Row]:
    """This will tell the steps of a customer's complaints and service cases."""
    of_complaints = queries.steps_of_complaints(scope=asked.scope, customer_id=asked.customer_id)
    of_cases = queries.steps_of_cases(scope=asked.scope, customer_id=asked.customer_id)
    return timeline.cut(
        [
            *(
                _step(row, _OF_COMPLAINTS, _("Complaint {number}"), row.complaint, "complaint_page")
                for row in timeline.latest(of_complaints, asked, at="at", part=_OF_COMPLAINTS)
            ),
            *(
                _step(row, _OF_CASES, _("Service case {number}"), row.case, "case_page")
                for row in timeline.latest(of_cases, asked, at="at", part=_OF_CASES)
            ),
        ],
        asked,
    )


def _step(
    row: CareEvent, part: int, name: str, thing: Complaint | ServiceCase, page: str
) -> timeline.Row:
    return timeline.Row(
        at=row.at,
        id=timeline.part_of(part, row.pk),
        title=f"{name.format(number=thing.number)}: {row.get_kind_display()}",
        detail=masking.mask_text(row.words),
        tone="warning" if part == _OF_COMPLAINTS else "",
        url=reverse(page, args=[thing.number]),
    )
