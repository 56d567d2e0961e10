"""Pages on which a store, a person, a contract or a clause of a merchant is added or corrected."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from merchants.directory import operations
from merchants.directory.forms import ClauseForm, ContactForm, ContractForm, StoreForm
from merchants.directory.models import DataClause, MerchantContact, MerchantContract, Store
from merchants.directory.views.keeping import form_page, kept_or_refused
from portal.kit import clock
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission


@dataclass(frozen=True)
class Kind:
    """A kind of entry: its table and form, the operation with the name that it gives a row, and
    what the page says."""

    model: type[Model]
    form: Any
    save: Callable[..., Any]
    name: str
    new: Any
    old: Any
    lead: Any = ""


KINDS = {
    "store": Kind(
        Store, StoreForm, operations.save_store, "store",
        gettext_lazy("New store"), gettext_lazy("Correct the store"),
    ),
    "contact": Kind(
        MerchantContact, ContactForm, operations.save_contact, "contact",
        gettext_lazy("New contact person"), gettext_lazy("Correct the contact person"),
        gettext_lazy(
            "Name, phone and e-mail are kept encrypted; pages show them masked. Tell the person "
            "that they are on file here."
        ),
    ),
    "contract": Kind(
        MerchantContract, ContractForm, operations.save_contract, "contract",
        gettext_lazy("New contract"), gettext_lazy("Correct the contract"),
        gettext_lazy("Two contracts of a merchant never hold on one day."),
    ),
    "clause": Kind(
        DataClause, ClauseForm, operations.save_clause, "clause",
        gettext_lazy("New clause on data"), gettext_lazy("Go on with the clause on data"),
        gettext_lazy(
            "What the merchant is given about customers, what for, and until when (Personal "
            "Information Protection Law, article 23). Each customer must consent besides."
        ),
    ),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_MERCHANTS)
def merchant_entry_new(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """This will add something to a merchant."""
    return _entry(request, number, kind, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_MERCHANTS)
def merchant_entry(request: HttpRequest, number: str, kind: str, entry_id: int) -> HttpResponse:
    """This will correct what hangs on a merchant."""
    return _entry(request, number, kind, entry_id)


def _entry(request: HttpRequest, number: str, code: str, entry_id: int | None) -> HttpResponse:
    kind = KINDS.get(code)
    if kind is None:
        raise Http404
    merchant = kept_or_refused(request, number)
    row = None
    if entry_id is not None:
        row = get_object_or_404(kind.model, pk=entry_id, merchant=merchant)
    form = _form(kind, row, request)
    if form.is_valid():
        try:
            kind.save(
                merchant=merchant,
                facts=form.facts,
                actor=staff_of(request),
                at=clock.now(),
                **{kind.name: row},
            )
        except operations.DirectoryRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept."))
            return redirect("merchant_page", number=number)
    title = kind.old if row else kind.new
    return form_page(merchant, request, form=form, title=title, lead=kind.lead)


def _form(kind: Kind, row: Model | None, request: HttpRequest) -> Any:
    """The form with what stands; never with what is sealed."""
    data = request.POST if request.method == "POST" else None
    more = {"is_new": row is None} if kind.form is ContactForm else {}
    initial = {}
    if row is not None:
        columns = {field.attname for field in row._meta.concrete_fields}
        initial = {name: getattr(row, name) for name in kind.form.base_fields if name in columns}
    return kind.form(data, initial=initial, **more)
