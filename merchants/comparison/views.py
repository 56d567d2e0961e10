"""The pages on which merchants are compared."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from merchants.comparison import operations, queries
from merchants.comparison.access import may_note
from merchants.comparison.enums import FigureCode
from merchants.comparison.forms import OfferForm, WithdrawForm
from merchants.comparison.rules import figures, telling
from merchants.directory import queries as directory
from merchants.partnerships import queries as partnerships
from merchants.partnerships.access import load
from merchants.partnerships.enums import Phase
from portal.kit import clock, dots, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission as P


@requires(P.VIEW_MERCHANTS)
def comparison_list(request: HttpRequest) -> HttpResponse:
    """This will list the partnerships that are in the comparison phase, to be compared."""
    staff, on = staff_of(request), clock.today()
    rows = partnerships.list_partnerships(scope=scope_of(staff), on=on, phase=Phase.COMPARISON)
    page = tables.page_of(request, rows)
    context = {
        "page": page,
        "rows": [{"row": row, "days": row.days_in_phase(on)} for row in page.rows],
    }
    return render(request, "merchants/comparison/comparison_list.html", context)


@requires(P.VIEW_MERCHANTS)
def comparison_page(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """This will put a partnership's merchant beside those that are like it."""
    row = load(staff_of(request), partnership_id)
    staff, on = staff_of(request), clock.today()
    like = queries.like_of(merchant=row.merchant, scope=scope_of(staff), on=on)
    asked = request.GET.getlist("with")
    others, refused = queries.asked_for(like=like, numbers=asked, scope=scope_of(staff))
    found = queries.compare(merchant=row.merchant, others=others, on=on, refused=refused)
    chosen = {one.merchant.number for one in found.rows[1:]}
    known = {one.merchant.number: one.merchant for one in found.rows[1:]}
    context = {
        "row": row,
        "is_compared": row.phase == Phase.COMPARISON,
        "found": found,
        "last": found.end - dt.timedelta(days=1),
        "charts": [_chart(code, found) for code in FigureCode.values],
        "choices": [
            {"merchant": one, "is_chosen": one.number in chosen}
            for one in {**known, **{one.number: one for one in like}}.values()
        ],
        "most": queries.MOST,
        "offers": queries.offers_of(merchant_id=row.merchant_id, on=on),
        "contract": directory.contracts_on(merchant_ids=[row.merchant_id], on=on).get(
            row.merchant_id
        ),
        "known": partnerships.evidence_of(partnerships=[row], on=on)[row.pk].measures,
        "may_note": may_note(staff, row.merchant),
        "may_export": staff.may(P.EXPORT_DATA),
        "asked": request.GET.urlencode(),
        "withdraw_form": WithdrawForm(auto_id=False),
    }
    return render(request, "merchants/comparison/comparison_page.html", context)


def _chart(code: str, found: queries.Comparison) -> dict[str, Any]:
    rows = [(one, one.figures[code]) for one in found.rows]
    drawn = [
        dots.Dot(
            one.merchant.label, figure.value, figure.low, figure.high,
            telling.interval(code, figure), is_own=one.likeness is None,
        )
        for one, figure in rows
    ]  # fmt: skip
    stands = found.standings[code]
    label = FigureCode(code).label
    lines = [
        {
            "one": one,
            "figure": figure,
            "said": telling.interval(code, figure),
            "place": stands.place.get(str(one.merchant.pk)),
        }
        for one, figure in rows
    ]
    return {
        "code": code,
        "label": label,
        "formula": figures.FORMULAS[code],
        "picture": dots.dots_svg(
            drawn, title=str(label), write=lambda value: telling.number(code, value)
        ),
        "sentence": stands.sentence,
        "own": lines[0],
        "rows": lines,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.EDIT_PARTNERSHIPS)
def rival_offer_new(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """This will note what a rival offers the merchant."""
    row = load(staff_of(request), partnership_id)
    if not may_note(staff_of(request), row.merchant):
        raise PermissionDenied
    form = OfferForm(request.POST or None, on=clock.today())
    if form.is_valid():
        try:
            operations.note_offer(
                merchant_id=row.merchant_id, actor=staff_of(request), at=clock.now(),
                **form.cleaned_data,
            )  # fmt: skip
        except operations.OfferRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Noted, with its source."))
            return redirect("comparison_page", row.pk)
    status = 422 if request.method == "POST" else 200
    context = {"row": row, "form": form}
    return render(request, "merchants/comparison/rival_offer_new.html", context, status=status)


@require_POST
@requires(P.EDIT_PARTNERSHIPS)
def rival_offer_withdraw(request: HttpRequest, partnership_id: int, offer_id: int) -> HttpResponse:
    """This will withdraw an offer that was noted."""
    row = load(staff_of(request), partnership_id)
    offer = queries.one_offer(merchant_id=row.merchant_id, offer_id=offer_id)
    if offer is None:
        raise Http404
    form = WithdrawForm(request.POST)
    said = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        operations.withdraw_offer(
            offer_id=offer.pk, reason=said, actor=staff_of(request), at=clock.now()
        )
        messages.success(request, _("Withdrawn. It is told no more."))
    except operations.OfferRefused as refused:
        messages.warning(request, str(refused))
    return redirect("comparison_page", row.pk)
