"""Pages of what the own cards have against those of rivals."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journeys.cards import queries as cards
from journeys.telemarketing import operations, queries
from journeys.telemarketing.forms import FactFilter, FactForm, WithdrawForm
from journeys.telemarketing.models import ProductFact
from journeys.telemarketing.views import withdrawing
from portal.kit import clock, tables
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_SCRIPTS)
def fact_list(request: HttpRequest) -> HttpResponse:
    """This will list facts about the own cards, the latest first; a filter that is wrong is left
    out."""
    form, at = FactFilter(request.GET), clock.now()
    form.is_valid()
    rows = queries.list_facts(at=at, show=form.cleaned_data.get("show", ""))
    context = {
        "form": form,
        "page": tables.page_of(request, rows),
        "at": at,
        "ending": queries.expiring_facts(at=at).count(),
        "may_edit": staff_of(request).may(Permission.EDIT_SCRIPTS),
    }
    return render(request, "journeys/telemarketing/fact_list.html", context)


@requires(Permission.VIEW_SCRIPTS)
def fact_page(request: HttpRequest, fact_id: int) -> HttpResponse:
    """This will show one fact: its source, its end, who proposed it and who decided."""
    return _page(request, _found(fact_id), None)


def _page(request: HttpRequest, fact: ProductFact, form: WithdrawForm | None) -> HttpResponse:
    staff = staff_of(request)
    context = {
        "fact": fact, "at": clock.now(), "may_edit": staff.may(Permission.EDIT_SCRIPTS),
        "may_withdraw": withdrawing.may_withdraw(fact, staff=staff),
        "form": form or WithdrawForm(),
    }  # fmt: skip
    status = 422 if form else 200
    return render(request, "journeys/telemarketing/fact_page.html", context, status=status)


def _found(fact_id: int) -> ProductFact:
    fact = queries.find_fact(fact_id)
    if fact is None:
        raise Http404
    return fact


@requires(Permission.EDIT_SCRIPTS)
def fact_new(request: HttpRequest) -> HttpResponse:
    """This will put a fact before a second person; with `?of=` it begins with what another one
    says, to be looked up again."""
    form = FactForm(request.POST or None, products=cards.own_products(), initial=_start(request))
    if form.is_valid():
        try:
            operations.propose_fact(
                product_id=form.cleaned_data["product"], said=form.said, maker=staff_of(request),
                at=clock.now(),
            )  # fmt: skip
        except operations.TextRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("Proposed. Callers see it once somebody else approves it."))
            return redirect("fact_list")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "back": reverse("fact_list")}
    return render(request, "journeys/telemarketing/fact_new.html", context, status=status)


def _start(request: HttpRequest) -> dict[str, Any]:
    """What the form begins with: of another fact all but the days, which are looked up anew."""
    asked = request.GET.get("of", "")
    fact = queries.find_fact(int(asked)) if asked.isdecimal() and len(asked) < 18 else None
    usual: dict[str, Any] = {"source_date": clock.today()}
    if fact is None:
        return usual
    names = [name for name in operations.FactSaid.__dataclass_fields__ if name != "valid_until"]
    return {**{name: getattr(fact, name) for name in names}, "product": fact.product_id, **usual}


@require_POST
@requires(Permission.VIEW_SCRIPTS)
def fact_withdraw(request: HttpRequest, fact_id: int) -> HttpResponse:
    """This will withdraw a fact at once, by those who may."""
    carry_out = partial(operations.withdraw_fact, fact_id=fact_id)
    return withdrawing.withdraw(
        _found(fact_id), request=request, page=_page, carry_out=carry_out, url_name="fact_page"
    )
