"""What benefits add to a customer's timeline and to the home page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.benefits import queries
from campaigns.benefits.enums import UNDOES, EntryKind
from campaigns.benefits.models import BenefitEntry
from portal.kit import masking, timeline
from portal.kit.todo import Todo
from portal.staff.access import scope_of, staff_of

_TONES = {EntryKind.USE: "success", EntryKind.EXPIRE: "warning", EntryKind.TAKE_BACK: "warning"}


def story(asked: timeline.Asked) -> list[timeline.Row]:
    """This will tell what happened to a customer's benefits."""
    rows = queries.entries_of(asked.customer_id)
    return [
        timeline.Row(
            at=row.at,
            id=row.pk,
            title=_("{name}: {step}").format(
                name=queries.name_of(row.benefit), step=row.get_kind_display()
            ),
            detail=" · ".join(filter(None, _details(row))),
            tone=_TONES.get(EntryKind(row.kind), "secondary"),
        )
        for row in timeline.latest(rows, asked, at="at")
    ]


def _details(row: BenefitEntry) -> list[str]:
    count = _("Uses: {count}").format(count=abs(row.units))
    day = row.used_date and _("used on {day}").format(day=row.used_date)
    place = row.merchant.label if row.merchant else ""
    written = [row.place, row.reason if row.kind in UNDOES else ""]
    return [
        row.benefit.campaign.label, count, day or "", place,
        *(masking.mask_text(text) for text in written if text),
    ]  # fmt: skip


def lost(request: HttpRequest) -> dict[str, Any] | None:
    """This will tell how many benefits that were used before they were lost wait for a decision."""
    count = queries.open_used_before(scope=scope_of(staff_of(request)))
    line = Todo(
        label=_("Decide about benefits that were used before they were lost"),
        brief=ngettext(
            "{count} benefit to decide about", "{count} benefits to decide about", count
        ),
        count=count,
        url=reverse("benefit_lost"),
    )
    return {"count": count, "todo": [line]} if count else None
