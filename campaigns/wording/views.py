"""Pages of the check of wording and of the decisions about words."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.wording import operations, queries
from campaigns.wording.forms import CheckForm, DecisionForm
from campaigns.wording.rules import Finding, check
from portal.kit import clock
from portal.kit.tables import page_of
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission


@dataclass(frozen=True)
class Piece:
    """A piece of a text; with a finding where somebody should look at it, `number` for the list."""

    text: str
    finding: Finding | None = None
    number: int = 0


def pieces_of(text: str, findings: list[Finding]) -> list[Piece]:
    """This will cut a text at its findings; the pieces put together are the text."""
    pieces: list[Piece] = []
    place = 0
    for number, finding in enumerate(findings, start=1):
        pieces.append(Piece(text[place : finding.start]))
        pieces.append(Piece(finding.term, finding, number))
        place = finding.end
    return [*pieces, Piece(text[place:])]


@require_http_methods(["GET", "POST"])
@requires(Permission.VIEW_CAMPAIGNS)
def wording_check(request: HttpRequest) -> HttpResponse:
    """This will mark the words of a pasted text that somebody should look at."""
    form = CheckForm(request.POST or None)
    today = clock.today()
    context = {
        "form": form,
        "is_checked": False,
        "may_edit": staff_of(request).may(Permission.EDIT_WORDING),
    }
    if form.is_valid():
        text = form.cleaned_data["text"]
        findings = check(text, queries.lexicon(on=today))
        context |= {"is_checked": True, "findings": findings, "pieces": pieces_of(text, findings)}
    else:
        context["texts"] = queries.texts_found(on=today)
    status = 422 if form.errors else 200
    return render(request, "campaigns/wording/check.html", context, status=status)


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def wording_decisions(request: HttpRequest) -> HttpResponse:
    """This will list what was decided about words, and the rules that can be switched off."""
    today = clock.today()
    page = page_of(request, queries.decisions())
    context = {
        "page": page,
        "rows": queries.dated(page.rows, on=today),
        "rules": [rule for rule in queries.lexicon(on=today).rules if rule.pattern],
        "may_edit": staff_of(request).may(Permission.EDIT_WORDING),
    }
    return render(request, "campaigns/wording/decisions.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_WORDING)
def wording_decide(request: HttpRequest) -> HttpResponse:
    """This will decide about a word from a day on."""
    form = DecisionForm(
        request.POST or None,
        initial={"effective_date": clock.today(), "word": request.GET.get("word", "")[:60]},
    )
    if form.is_valid():
        try:
            operations.decide_word(**form.cleaned_data, actor=staff_of(request), at=clock.now())
        except operations.DecisionNotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Decided."))
            return redirect("wording_decisions")
    status = 422 if request.method == "POST" else 200
    return render(request, "campaigns/wording/decide.html", {"form": form}, status=status)
