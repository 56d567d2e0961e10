"""The desk where benefits are used, and what became of all of them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.benefits import operations, queries
from campaigns.benefits.forms import FindForm, SettleForm, UndoForm, UseForm, begin_at
from journeys.cards import queries as cards
from journeys.customers import queries as customers
from journeys.reveals import operations as reveals
from journeys.reveals.enums import RevealField, SearchDoor
from portal.kit import clock, money, tables
from portal.staff.access import Scope, requires, scope_of, staff_of
from portal.staff.enums import Permission

_FORM_PAGE = "journeys/contact/form_page.html"


# --- the desk ---------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REDEEM_BENEFITS)
def benefit_desk(request: HttpRequest) -> HttpResponse:
    """This will find who stands at the desk (POST) and go to what they have in hand. A full phone
    stays out of every address; asking for one is counted and recorded."""
    form, status = FindForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                number = _found(request, form.cleaned_data["text"].strip())
            except reveals.SearchRefused as refusal:
                form.add_error("text", str(refusal))
            else:
                if number is not None:
                    return redirect("benefit_customer", number)
                form.add_error(
                    "text",
                    _("Nobody of your branches was found. Type the whole number, as it stands."),
                )
    begin_at(form, "text")
    return render(request, "campaigns/benefits/desk.html", {"form": form}, status=status)


def _found(request: HttpRequest, text: str) -> str | None:
    """The number of the one customer who is meant. Raises SearchRefused."""
    scope = scope_of(staff_of(request))
    if exact := customers.exact_value(text):
        way, value = exact
        rows = customers.list_customers(scope=scope, text=text).values_list("number", flat=True)
        found = reveals.search_exactly(
            field=RevealField(way.value),
            value=value,
            door=SearchDoor.CUSTOMERS,
            find=lambda: list(rows[:2]),
            actor=staff_of(request),
            at=clock.now(),
        )
        return found[0] if len(found) == 1 else None
    by_number = customers.one_customer(scope=scope, number=text)
    return by_number.number if by_number else cards.holder_of(scope=scope, reference=text)


@never_cache
@require_safe
@requires(Permission.REDEEM_BENEFITS)
def benefit_customer(request: HttpRequest, number: str) -> HttpResponse:
    """This will show a customer's benefits in hand, each with the form that records a use."""
    return _desk_of(request, number)


@require_http_methods(["POST"])
@requires(Permission.REDEEM_BENEFITS)
def benefit_use(request: HttpRequest, benefit_id: int) -> HttpResponse:
    """This will record a use, and show what is left."""
    staff, scope = staff_of(request), scope_of(staff_of(request))
    row = queries.benefit(benefit_id, scope=scope)
    if row is None:
        raise Http404
    number, on = row.customer.number, clock.today()
    held = next(one for one in queries.held_by(row.customer_id, on=on, only=row.pk))
    form = UseForm(request.POST, held=held, on=on)
    if not form.is_valid():
        return _desk_of(request, number, form=form, benefit_id=benefit_id)
    given = form.cleaned_data
    try:
        operations.record_use(
            benefit_id=benefit_id,
            used_date=given["used_date"],
            units=given["units"],
            merchant_id=given["partner"],
            place=given["place"],
            reference=given["reference"],
            left_shown=given["left"],
            scope=scope,
            actor=staff,
            at=clock.now(),
        )
    except operations.UseRefused as refusal:
        form.add_error(_FIELDS.get(refusal.field), str(refusal))
        return _desk_of(request, number, form=form, benefit_id=benefit_id)
    text = _("Recorded: {name}, uses: {count}.").format(name=held.name, count=given["units"])
    messages.success(request, text)
    return redirect("benefit_customer", number)


_FIELDS = {
    "used_date": "used_date", "units": "units", "merchant": "partner", "reference": "reference",
}  # fmt: skip


def _desk_of(
    request: HttpRequest, number: str, *, form: UseForm | None = None, benefit_id: int = 0
) -> HttpResponse:
    """The page of a customer at the desk; `form` is one that was refused."""
    customer = customers.one_customer(scope=scope_of(staff_of(request)), number=number)
    if customer is None:
        raise Http404
    on = clock.today()
    held = queries.held_by(customer.pk, on=on)
    lines = [
        (one, _form_of(one, on, form if one.row.pk == benefit_id else None))
        for one in held
        if one.is_in_hand or one.can_come_late
    ]
    shown = {one.row.pk for one, _form in lines}
    find = FindForm(auto_id="find_%s")
    _let_begin(form, lines[0][1] if lines and lines[0][0].is_in_hand else None, find)
    context = {
        "customer": customer,
        "find": find,
        "in_hand": [line for line in lines if line[0].is_in_hand],
        "late": [line for line in lines if not line[0].is_in_hand],
        "over": [one for one in held if one.row.pk not in shown],
        "refused": form,
        "may_see": staff_of(request).may(Permission.VIEW_CUSTOMERS),
    }
    status = 200 if form is None else 422
    return render(request, "campaigns/benefits/customer.html", context, status=status)


def _let_begin(refused: UseForm | None, first: UseForm | None, find: FindForm) -> None:
    """The keyboard begins where something is to be mended, else at the first benefit in hand, else
    at the next customer."""
    if refused is not None:
        wrong = [name for name in refused.errors if name in refused.fields]
        begin_at(refused, wrong[0] if wrong else "partner")
    elif first is not None:
        begin_at(first, "partner")
    else:
        begin_at(find, "text")


def _form_of(held: queries.Held, on: Any, refused: UseForm | None) -> UseForm:
    return refused or UseForm(held=held, on=on)


@require_http_methods(["GET", "POST"])
@requires(Permission.REDEEM_BENEFITS)
def benefit_undo(request: HttpRequest, entry_id: int) -> HttpResponse:
    """This will undo a use that was recorded wrongly, with a reason."""
    staff, scope = staff_of(request), scope_of(staff_of(request))
    used = queries.use(entry_id, scope=scope)
    if used is None:
        raise Http404
    number = used.benefit.customer.number
    form = UndoForm(request.POST or None)
    if form.is_valid():
        try:
            operations.undo_use(
                entry_id=entry_id,
                reason=form.cleaned_data["reason"],
                scope=scope,
                actor=staff,
                at=clock.now(),
            )
        except operations.UseRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The use is undone."))
            return redirect("benefit_customer", number)
    context = {
        "form": form,
        "title": _("Undo a use"),
        "lead": _("{customer}: used on {day}, uses: {count}").format(
            customer=number, day=used.used_date, count=-used.units
        ),
        "submit": _("Undo"),
        "confirm": "",
        "back": reverse("benefit_customer", args=[number]),
    }
    return render(request, _FORM_PAGE, context, status=422 if form.is_bound else 200)


# --- of campaigns -----------------------------------------------------------------------------
@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def benefit_list(request: HttpRequest) -> HttpResponse:
    """This will count what was granted, used, expired and taken back, by campaign."""
    staff = staff_of(request)
    lines = [(row, money.show(row.unused)) for row in queries.figures()]
    may_see = staff.may(Permission.VIEW_CUSTOMERS)
    context = {
        "lines": lines,
        "may_see": may_see,
        "may_redeem": staff.may(Permission.REDEEM_BENEFITS),
        "waiting": queries.open_used_before(scope=scope_of(staff)) if may_see else 0,
    }
    return render(request, "campaigns/benefits/list.html", context)


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
def benefit_lost(request: HttpRequest) -> HttpResponse:
    """This will list the benefits that were used before a refund undid what they were for."""
    staff = staff_of(request)
    page = tables.page_of(request, queries.used_before(scope=scope_of(staff)))
    context = {
        "page": page,
        "lines": [(row, queries.name_of(row.benefit), money.show(row.worth)) for row in page.rows],
        "may_settle": staff.may(Permission.EDIT_CAMPAIGNS),
    }
    return render(request, "campaigns/benefits/lost.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_CAMPAIGNS)
def benefit_settle(request: HttpRequest, row_id: int) -> HttpResponse:
    """This will settle what becomes of one of them."""
    scope: Scope = scope_of(staff_of(request))
    row = queries.used_before(scope=scope).filter(pk=row_id).first()
    if row is None:
        raise Http404
    form = SettleForm(request.POST or None)
    if form.is_valid():
        try:
            operations.settle(
                row_id=row_id,
                scope=scope,
                actor=staff_of(request),
                at=clock.now(),
                **form.cleaned_data,
            )
        except operations.SettlingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Settled."))
            return redirect("benefit_lost")
    customer = row.benefit.customer
    context = {
        "form": form,
        "customer": customer,
        "one": queries.held_by(customer.pk, on=clock.today(), only=row.benefit_id)[0],
        "title": _("A benefit that was used before it was lost"),
        "lead": _("{customer} · {reward} · uses: {count}, worth {amount}").format(
            customer=customer.number,
            reward=queries.name_of(row.benefit),
            count=row.used,
            amount=money.show(row.worth),
        ),
        "submit": _("Settle"),
        "confirm": _("It cannot be changed afterwards. Settle it?"),
        "back": reverse("benefit_lost"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "campaigns/benefits/settle.html", context, status=status)
