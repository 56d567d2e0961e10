"""A campaign that is proposed from what cards are used for at a partner."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.design import operations, queries
from campaigns.design.rules import starts
from merchants.negotiation import queries as negotiations
from merchants.partnerships import queries as partnerships
from merchants.partnerships.rules.evidence import COUNT, Evidence, Measure
from portal.kit import clock, fewest
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

# What speaks for a campaign there.
_SPEAKS = ("customers", "turnover", "turnover_trend", "new_cards", "redemptions")
_HOLDS = dt.timedelta(days=90)
_DAY = dt.timedelta(days=1)


@require_POST
@requires(Permission.EDIT_CAMPAIGNS)
def design_joint(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """This will begin a draft with a partner, with what is known of the use of cards there as its
    evidence, which the trail keeps too."""
    staff, on = staff_of(request), clock.today()
    row = partnerships.one_partnership(scope=scope_of(staff), partnership_id=partnership_id)
    if row is None:
        raise Http404
    if not row.is_open:
        messages.warning(request, _("The partnership has ended: no campaign is begun with it."))
        return redirect("partnership_page", row.pk)
    known = _speaking(partnerships.evidence_of(partnerships=[row], on=on)[row.pk])
    signed = negotiations.latest_signed(row, on=on)
    content = starts.begun(
        "", on=on, templates=queries.templates(),
        products=[code for code, _label in queries.products()],
    )  # fmt: skip
    draft = operations.start_draft(
        content=starts.joint(
            content, number=row.merchant.number, scenario=row.merchant.category.scenario,
            bank_share=signed.offer.cost_share if signed else None,
            claims=list(_claims(known)), until=on + _HOLDS,
        ),
        owner=staff, at=clock.now(),
        came_of={
            "partnership": str(row.pk), "merchant": row.merchant.number,
            **{one.code: str(one.value) for one in known},
        },
    )  # fmt: skip
    messages.info(
        request, _("Begun from what is known there: it stands with the evidence. Give it a name.")
    )
    return redirect("design_basics", draft.pk)


def _speaking(known: Evidence) -> list[Measure]:
    """What is known and is no count of so few that it may tell of single persons."""
    return [
        one
        for one in known.measures
        if one.code in _SPEAKS
        and one.value is not None
        and not (one.unit == COUNT and fewest.is_few(int(one.value)))
    ]


def _claims(known: Sequence[Measure]) -> Iterator[tuple[str, str]]:
    """In Chinese, as campaigns are written first."""
    with translation.override("zh-hans"):
        for one in known:
            if not one.value or not one.first or not one.end:
                continue
            last = one.end - _DAY
            yield (
                f"{one.label} {one.said}",
                _("The bank's own records, {first} to {last}").format(first=one.first, last=last),
            )
