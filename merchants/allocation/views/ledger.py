"""The ledger of a partner's money, its forms, and the part on the partnership's page."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from merchants.allocation import operations, queries
from merchants.allocation.access import may_book, may_pay
from merchants.allocation.enums import EntryKind
from merchants.allocation.forms import EntryForm, ReversalForm
from merchants.allocation.models import FundLine
from merchants.allocation.queries import Standing
from merchants.allocation.views.lines import load_line
from merchants.partnerships.access import load
from portal.kit import clock, money, parts
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission

P = Permission
REVERSE = "reverse"


@requires(P.VIEW_MERCHANTS)
def fund_ledger(request: HttpRequest, line_id: int) -> HttpResponse:
    """This will show the account of a partner's money, its entries, and what may be booked; that of
    a plan that was amended is kept with the amendment."""
    line = _load(request, line_id)
    if line.pk != line_id:
        return redirect("fund_ledger", line.pk)
    return _show(request, line)


def _load(request: HttpRequest, line_id: int) -> FundLine:
    """The line that holds the money: what was typed on a page of before an amendment is booked
    there too. Raises Http404."""
    held = queries.line_in_force(load_line(request, line_id))
    line = load_line(request, held.pk) if held is not None and held.pk != line_id else held
    if line is None or not hasattr(line, "account"):
        raise Http404
    return line


def _show(request: HttpRequest, line: FundLine, status: int = 200, **bound: Any) -> HttpResponse:
    standing = queries.left_of(queries.entries_of(line.account))
    forms = {kind: _form(kind, standing, line) for kind in _allowed(request, line)}
    forms |= {kind: form for kind, form in bound.items() if kind in forms}
    context = {
        "line": line,
        "plan": line.plan,
        "account": line.account,
        "standing": standing,
        "is_over": line.plan.is_over(clock.today()),
        "forms": [
            {"kind": kind, "label": _label(kind), "form": form, "is_refused": kind in bound}
            for kind, form in forms.items()
            if form is not None
        ],
    }
    return render(request, "merchants/allocation/fund_ledger.html", context, status=status)


def _allowed(request: HttpRequest, line: FundLine) -> list[str]:
    staff = staff_of(request)
    found = []
    if may_book(staff, line):
        found += [EntryKind.COMMIT.value, EntryKind.CLAIM.value]
    if may_pay(staff, line):
        found.append(EntryKind.PAY.value)
    return [*found, REVERSE] if found else []


def _label(kind: str) -> str:
    return {
        EntryKind.COMMIT.value: _("Commit money"),
        EntryKind.CLAIM.value: _("Note a claim"),
        EntryKind.PAY.value: _("Note a payment"),
        REVERSE: _("Take an entry back"),
    }[kind]


def _form(
    kind: str, standing: Sequence[Standing], line: FundLine, data: Any = None
) -> EntryForm | None:
    """The form of a kind; None where there is nothing that it could be for."""
    given: dict[str, Any] = {"auto_id": f"{kind}_%s", "data": data}
    if kind == EntryKind.COMMIT:
        is_offered = line.account.free > 0 and not line.plan.is_over(clock.today())
        return EntryForm(**given) if is_offered or data else None
    bases = (
        [one for one in standing if one.is_open]
        if kind == REVERSE
        else queries.open_entries(standing, kind)
    )
    if not bases and data is None:
        return None
    choices = [(one.entry.pk, _choice(one)) for one in bases]
    return (ReversalForm if kind == REVERSE else EntryForm)(against=choices, **given)


def _choice(one: Standing) -> str:
    return _("{kind} {document}: {left} left").format(
        kind=one.entry.get_kind_display(), document=one.entry.document, left=money.show(one.left)
    )


@require_POST
@requires(P.VIEW_MERCHANTS)
def fund_book(request: HttpRequest, line_id: int, kind: str) -> HttpResponse:
    """This will add an entry to the ledger, or take one back."""
    line = _load(request, line_id)
    if kind not in (*EntryKind.values, REVERSE):
        raise Http404
    standing = queries.left_of(queries.entries_of(line.account))
    form = _form(kind, standing, line, data=request.POST)
    if form is not None and form.is_valid():
        try:
            _book(request, line, kind, form.cleaned_data)
            messages.success(request, _("Booked."))
            return redirect("fund_ledger", line.pk)
        except operations.FundsRefused as refused:
            form.add_error(None, str(refused))
    return _show(request, line, 422, **{kind: form})


def _book(request: HttpRequest, line: FundLine, kind: str, given: dict[str, Any]) -> None:
    common = {"key": given["key"], "actor": staff_of(request), "at": clock.now()}
    if kind == REVERSE:
        operations.reverse_entry(
            entry_id=given["against"], amount=given["amount"], reason=given["words"], **common
        )
        return
    operations.book_entry(
        line_id=line.pk, kind=kind, amount=given["amount"], document=given["document"],
        words=given["words"], against_id=given.get("against"), **common,
    )  # fmt: skip


@requires(P.VIEW_MERCHANTS)
@parts.part_of("partnership_page", "partnership_id")
def partnership_funds(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """This will give the part of a partnership's page about its promotion money."""
    row = load(staff_of(request), partnership_id)
    lines = queries.of_partnership(partnership_id=row.pk)
    context = {
        "lines": [
            {"line": line, "account": getattr(line, "account", None), "benefit": benefit}
            for line, _effect, benefit in queries.benefits_of(lines)
        ]
    }
    return render(request, "merchants/allocation/_of_partnership.html", context)
