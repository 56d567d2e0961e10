"""Playbooks of the phases, and which phase may follow which."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from merchants.partnerships import operations, queries
from merchants.partnerships.enums import EvidenceKind, Phase
from merchants.partnerships.forms import PlaybookForm
from merchants.partnerships.models import EvidenceRule
from merchants.partnerships.queries.partnerships import ON_BOARD
from merchants.partnerships.rules import moves, pictures, signals
from portal.kit import clock
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_PLAYBOOKS)
def playbook_list(request: HttpRequest) -> HttpResponse:
    """This will show for each phase the playbook that holds in the person's branch."""
    staff = staff_of(request)
    found = [
        (phase, queries.playbook_for(phase=phase, branch_path=staff.branch.path))
        for phase in ON_BOARD
    ]
    context = {
        "books": [
            {"phase": phase, "label": Phase(phase).label, "book": book,
             "content": book.plain if book else None}
            for phase, book in found
        ],
        "may_edit": staff.may(Permission.EDIT_PLAYBOOKS),
    }  # fmt: skip
    return render(request, "merchants/partnerships/playbook_list.html", context)


@requires(Permission.EDIT_PLAYBOOKS)
def playbook_edit(request: HttpRequest, phase: str) -> HttpResponse:
    """This will write the next version of a phase's playbook: an administrator the bank's, a
    branch manager that of the own branch."""
    if phase not in ON_BOARD:
        raise Http404
    staff = staff_of(request)
    branch_id = operations.branch_of(actor=staff)
    own = queries.versions_of(phase=phase, branch_id=branch_id)
    held = queries.playbook_for(phase=phase, branch_path=staff.branch.path)
    newest = own.first()
    start = {**(held.plain.as_lines() if held else {}), "after": newest.number if newest else 0}
    form = PlaybookForm(request.POST or None, initial=start)
    if form.is_valid():
        try:
            operations.write_playbook(
                phase=phase, content=form.content, after=form.cleaned_data["after"],
                reason=form.cleaned_data["reason"], actor=staff, at=clock.now(),
            )  # fmt: skip
            messages.success(request, _("Written. The next move into the phase uses it."))
            return redirect("playbook_list")
        except operations.PlaybookChanged:
            form.add_error(
                None, _("Somebody wrote another version meanwhile. Open the page again.")
            )
    context = {
        "form": form,
        "label": Phase(phase).label,
        "versions": own,
        "is_bank": branch_id is None,
        "branch": staff.branch,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "merchants/partnerships/playbook_edit.html", context, status=status)


@requires(Permission.VIEW_PLAYBOOKS)
def partnership_moves(request: HttpRequest) -> HttpResponse:
    """This will draw which phase may follow which, and say what each move needs by the rule in
    force, and which evidence suggests it."""
    on = clock.today()
    try:
        limits = queries.limits_on(on)
    except queries.NoRule:
        limits = None
    second = limits.second_person if limits else frozenset()
    context = {
        "limits": limits,
        "picture": pictures.graph_svg(second=second, title=_("Moves between phases")),
        "moves": [
            {"before": Phase(row.before).label, "after": Phase(row.after).label, "asks": row.asks,
             "second": row.code in second}
            for row in moves.MOVES.values()
        ],
        "heard": [
            {"kind": row.get_kind_display(), "rule": row, "moves": _led(row.kind),
             "limit": _said(row, row.limit), "over": _said(row, row.over)}
            for row in queries.evidence_rules_on(on)
        ],
        "rules": queries.rules_set(),
        "evidence_rules": queries.evidence_rules_set(),
    }  # fmt: skip
    return render(request, "merchants/partnerships/partnership_moves.html", context)


def _led(kind: str) -> list[str]:
    """The moves that a kind of evidence suggests, in words."""
    pairs = signals.TABLE[EvidenceKind(kind)].moves.items()
    return [f"{Phase(before).label} → {Phase(after).label}" for before, after in pairs]


def _said(rule: EvidenceRule, number: int) -> str:
    """A limit of a kind of evidence, in words."""
    if rule.kind == EvidenceKind.CONTRACT:
        return _("{days} days before it").format(days=number)
    return str(number)
