"""Pages of what callers say, and the part of the call screen that shows it."""

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
from journeys.telemarketing.forms import SayForm, ScriptForm, WithdrawForm
from journeys.telemarketing.models import CallScript, LeadHold
from journeys.telemarketing.views import withdrawing
from portal.kit import clock, tables
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_SCRIPTS)
def script_list(request: HttpRequest) -> HttpResponse:
    """This will list all versions of scripts, by the part of the call."""
    context = {
        "page": tables.page_of(request, queries.list_scripts()),
        "may_edit": staff_of(request).may(Permission.EDIT_SCRIPTS),
    }
    return render(request, "journeys/telemarketing/script_list.html", context)


@requires(Permission.VIEW_SCRIPTS)
def script_page(request: HttpRequest, script_id: int) -> HttpResponse:
    """This will show one version of a script, and how its variants did."""
    return _page(request, _found(script_id), None)


def _page(request: HttpRequest, script: CallScript, form: WithdrawForm | None) -> HttpResponse:
    staff = staff_of(request)
    variants, verdicts = queries.fared(script)
    context = {
        "script": script, "variants": variants, "verdicts": verdicts,
        "may_edit": staff.may(Permission.EDIT_SCRIPTS),
        "may_withdraw": withdrawing.may_withdraw(script, staff=staff),
        "form": form or WithdrawForm(),
    }  # fmt: skip
    status = 422 if form else 200
    return render(request, "journeys/telemarketing/script_page.html", context, status=status)


def _found(script_id: int) -> CallScript:
    script = queries.find_script(script_id)
    if script is None:
        raise Http404
    return script


@requires(Permission.EDIT_SCRIPTS)
def script_new(request: HttpRequest) -> HttpResponse:
    """This will put a version of a script before a second person; with `?of=` it begins with what
    another one says."""
    form = ScriptForm(request.POST or None, products=cards.own_products(), initial=_start(request))
    if form.is_valid():
        try:
            operations.propose_script(
                place=form.place, variants=form.variants, evidence=form.cleaned_data["evidence"],
                maker=staff_of(request), at=clock.now(),
            )  # fmt: skip
        except operations.TextRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("Proposed. Callers see it once somebody else approves it."))
            return redirect("script_list")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "back": reverse("script_list")}
    return render(request, "journeys/telemarketing/script_new.html", context, status=status)


def _start(request: HttpRequest) -> dict[str, Any]:
    asked = request.GET.get("of", "")
    script = queries.find_script(int(asked)) if asked.isdecimal() and len(asked) < 18 else None
    if script is None:
        return {}
    found: dict[str, Any] = {
        "stage": script.stage, "product": script.product_id, "segment": script.segment,
        "mood": script.mood, "evidence": script.evidence,
    }  # fmt: skip
    for one in script.variants:
        found |= {f"{name}_{one['code']}": one[name] for name in ("body", "body_en", "share")}
    return found


@require_POST
@requires(Permission.VIEW_SCRIPTS)
def script_withdraw(request: HttpRequest, script_id: int) -> HttpResponse:
    """This will withdraw a script at once, by those who may."""
    carry_out = partial(operations.withdraw_script, script_id=script_id)
    return withdrawing.withdraw(
        _found(script_id),
        request=request,
        page=_page,
        carry_out=carry_out,
        url_name="script_page",
    )


@require_POST
@requires(Permission.WORK_LEADS)
def call_script(request: HttpRequest) -> HttpResponse:
    """This will show what is said to the lead in hand as the person sounds now and about a product,
    and write down that it was on the screen."""
    staff, at = staff_of(request), clock.now()
    hold = queries.hold_of(staff_id=staff.pk, at=at)
    if hold is None:
        return redirect("call_screen")
    form = SayForm(request.POST, products=cards.own_products())
    asked: dict[str, Any] = {}
    if form.is_valid():
        asked = {
            "mood": form.cleaned_data["mood_before"], "product_id": form.cleaned_data["product"],
        }  # fmt: skip
    operations.note_scripts(hold=hold, at=at, **asked)
    context = {
        "say_form": form, "said": queries.scripts_for(hold, **asked),
        "helps": queries.moves_for(asked.get("mood", "")),
    }  # fmt: skip
    return render(request, "journeys/telemarketing/_script.html", context)


def said_at_first(hold: LeadHold, *, mood: str) -> dict[str, Any]:
    """This will give the part of the screen about what is said when it is opened, in a mood that
    was chosen before or ""."""
    form = SayForm(products=cards.own_products())
    return {
        "say_form": form, "said": queries.scripts_for(hold, mood=mood),
        "helps": queries.moves_for(mood),
    }  # fmt: skip
