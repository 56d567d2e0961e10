"""What a merchant's turnover shows, as a part of its page."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from merchants.directory import queries as directory
from merchants.directory.enums import SharingPurpose
from merchants.evidence import queries
from merchants.evidence.enums import ReachPart
from merchants.evidence.models import EvidenceOfTurnover, WeeksOfTurnover
from merchants.evidence.rules import sentences, sharing, showing
from portal.kit import clock, fewest, lines, money, parts
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_IN_TABLE = 13


@requires(Permission.VIEW_MERCHANTS)
@parts.part_of("merchant_page", "number")
def merchant_evidence(request: HttpRequest, number: str) -> HttpResponse:
    """This will show a merchant's weeks with season and holidays taken out beside its group, and
    what is found in them."""
    staff = staff_of(request)
    merchant = directory.one_merchant(scope=scope_of(staff), number=number)
    if merchant is None:
        raise Http404
    evidence = queries.latest_of(merchant_id=merchant.pk, on=clock.today())
    weeks = queries.weeks_of(merchant_id=merchant.pk)
    context: dict[str, Any] = {"merchant": merchant, "evidence": evidence, "fewest": fewest.FEWEST}
    if evidence is not None:
        context["reasons"] = [sentences.sentence(reason) for reason in evidence.reasons]
    if evidence is not None and weeks is not None:
        rows = showing.rows_of(weeks.first, weeks.even, weeks.group, weeks.taken, weeks.postings)
        context |= {
            "rows": rows[: -_IN_TABLE - 1 : -1],
            "has_few": any(row.is_few for row in rows),
            "is_shown": any(row.even is not None for row in rows),
            "chart": _chart(rows, evidence, weeks),
            "may_export": staff.may(Permission.EXPORT_DATA),
        }
    return render(request, "merchants/evidence/_merchant_evidence.html", context)


def _chart(rows: list[showing.Row], evidence: EvidenceOfTurnover, weeks: WeeksOfTurnover) -> Any:
    mark = None
    if evidence.since is not None:
        place = (evidence.since - weeks.first).days // 7
        mark = lines.Mark(max(0, place), _("since {day}").format(day=evidence.since))
    said = _("Turnover by week without season and holidays, {first} to {last}: {state}").format(
        first=rows[0].week, last=rows[-1].week, state=evidence.get_state_display()
    )
    if evidence.usual is not None:
        said += " · " + _("before: {usual}, now: {level} a week").format(
            usual=money.show(evidence.usual), level=money.show(evidence.level)
        )
    return lines.lines_svg(
        [
            lines.Line([row.group for row in rows], is_dashed=True),
            lines.Line([row.even for row in rows]),
        ],
        [f"{row.week:%Y-%m}" for row in rows],
        said=said,
        mark=mark,
    )


@requires(Permission.VIEW_MERCHANTS)
def merchant_figures(request: HttpRequest, number: str) -> HttpResponse:
    """This will show what a merchant may be handed of its figures, as far as its clause on data
    allows; the file is what is handed over, and is recorded."""
    staff, on = staff_of(request), clock.today()
    merchant = directory.one_merchant(scope=scope_of(staff), number=number)
    if merchant is None:
        raise Http404
    purpose = SharingPurpose.FIGURES
    clause = directory.clause_for(merchant_id=merchant.pk, purpose=purpose, on=on)
    months = queries.months_to_share(merchant_id=merchant.pk, on=on) if clause else []
    context = {
        "merchant": merchant,
        "clause": clause,
        "least": sharing.LEAST,
        "lines": [
            {"line": line, "part": ReachPart(line.part).label if line.part else ""}
            for line in (sharing.lines_of(months) if months else [])
        ],
        "may_export": staff.may(Permission.EXPORT_DATA),
    }
    return render(request, "merchants/evidence/merchant_figures.html", context)
