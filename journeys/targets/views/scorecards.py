"""Scorecards: their list, how one is written, and its way through approval."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journeys.targets import operations, queries
from journeys.targets.access import may_write
from journeys.targets.forms import CardFilter, CardForm, ItemForm, item_forms
from journeys.targets.models import Scorecard
from journeys.targets.rules import splitting, weighing
from journeys.targets.views.plans import take_back
from portal.kit import clock, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

P = Permission
_FIELDS = ("weight", "goal", "floor", "cap", "unknown")


def _load(request: HttpRequest, scorecard_id: int, *, to_change: bool = False) -> Scorecard:
    staff = staff_of(request)
    card = queries.one_scorecard(scope=scope_of(staff), scorecard_id=scorecard_id)
    if card is None:
        raise Http404
    if to_change and not may_write(staff, card):
        raise PermissionDenied
    return card


@requires(P.VIEW_SCORECARDS)
def scorecard_list(request: HttpRequest) -> HttpResponse:
    """This will list the scorecards of the person's scope; a wrong filter is left out."""
    staff, form = staff_of(request), CardFilter(request.GET)
    form.is_valid()
    rows = queries.list_scorecards(scope=scope_of(staff), **form.cleaned_data)
    context = {
        "form": form,
        "page": tables.page_of(request, rows),
        "may_write": staff.may(P.EDIT_TARGETS),
        "may_see_pay": staff.may(P.VIEW_PAY),
    }
    return render(request, "journeys/targets/scorecard_list.html", context)


@requires(P.EDIT_TARGETS)
def scorecard_new(request: HttpRequest) -> HttpResponse:
    """This will write a scorecard of the person's branch, from the next month on at first; what
    another one says may stand there to begin with."""
    start: dict[str, Any] = {"first_date": splitting.next_month(clock.today())}
    items: dict[str, dict[str, Any]] = {}
    asked = request.GET.get("from", "")
    if asked.isdecimal() and len(asked) < 10:
        other = _load(request, int(asked))
        start |= {"name": other.name, "point_value": other.point_value}
        items = _items_of(other)
    return _write(request, None, start, items)


@requires(P.EDIT_TARGETS)
def scorecard_edit(request: HttpRequest, scorecard_id: int) -> HttpResponse:
    """This will change a scorecard that is still a draft."""
    card = _load(request, scorecard_id, to_change=True)
    start = {name: getattr(card, name) for name in CardForm.base_fields}
    return _write(request, card, start, _items_of(card))


def _items_of(card: Scorecard) -> dict[str, dict[str, Any]]:
    return {
        one.measure: {name: getattr(one, name) for name in _FIELDS} for one in card.measures.all()
    }


def _write(
    request: HttpRequest,
    card: Scorecard | None,
    start: dict[str, Any],
    items: dict[str, dict[str, Any]],
) -> HttpResponse:
    form, rows = (
        CardForm(request.POST or None, initial=start),
        item_forms(request.POST or None, items),
    )
    if request.method == "POST" and all([form.is_valid(), *(row.is_valid() for row in rows)]):
        try:
            kept = operations.write_scorecard(
                items=_chosen(rows), actor=staff_of(request), at=clock.now(),
                scorecard_id=card.pk if card else None, **form.cleaned_data,
            )  # fmt: skip
        except operations.TargetRefused as refused:
            form.add_error(None, list(refused.faults))
        else:
            messages.success(request, _("Kept. Submit it when it is as it should be."))
            return redirect("scorecard_page", kept.pk)
    context = {
        "form": form, "rows": rows, "card": card, "rule": queries.rule_on(clock.today()),
        "branch": card.branch if card else staff_of(request).branch,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/targets/scorecard_edit.html", context, status=status)


def _chosen(rows: list[ItemForm]) -> list[operations.Item]:
    return [
        operations.Item(
            measure=row.measure.code, **{name: row.cleaned_data[name] for name in _FIELDS}
        )
        for row in rows
        if row.is_chosen
    ]


@requires(P.VIEW_SCORECARDS)
def scorecard_page(request: HttpRequest, scorecard_id: int) -> HttpResponse:
    """This will show a scorecard: its measures, and how their weights stand to the law."""
    staff, card = staff_of(request), _load(request, scorecard_id)
    rule = queries.rule_on(card.first_date)
    sums = weighing.by_kind(queries.weights_of(card))
    context = {
        "card": card,
        "measures": card.measures.all(),
        "kinds": [(kind.label, total) for kind, total in sums.items()],
        "rule": rule,
        "may_change": card.is_draft and may_write(staff, card),
        "may_write": staff.may(P.EDIT_TARGETS),
        "may_see_pay": staff.may(P.VIEW_PAY),
        "is_maker": card.submission is not None and card.submission.maker_id == staff.pk,
    }
    return render(request, "journeys/targets/scorecard_page.html", context)


@require_POST
@requires(P.EDIT_TARGETS)
def scorecard_submit(request: HttpRequest, scorecard_id: int) -> HttpResponse:
    """This will put a scorecard before another person."""
    card = _load(request, scorecard_id, to_change=True)
    try:
        operations.submit_scorecard(scorecard_id=card.pk, actor=staff_of(request), at=clock.now())
        messages.success(request, _("Submitted for approval."))
    except operations.TargetRefused as refused:
        messages.warning(request, str(refused))
    return redirect("scorecard_page", card.pk)


@require_POST
@requires(P.EDIT_TARGETS)
def scorecard_withdraw(request: HttpRequest, scorecard_id: int) -> HttpResponse:
    """This will take back a scorecard that waits for approval, by who submitted it."""
    card = _load(request, scorecard_id, to_change=True)
    take_back(request, card)
    return redirect("scorecard_page", card.pk)
