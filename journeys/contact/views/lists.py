"""Lists of the bank: statements of consent, refusals, and the texts that people agree to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from journeys.contact import operations as contact
from journeys.contact import queries
from journeys.contact.forms import ConsentFilter, RefusalFilter, TextForm
from portal.kit import clock, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_CONSENTS)
def consent_list(request: HttpRequest) -> HttpResponse:
    """This will show what customers said about consent, the latest first."""
    form = ConsentFilter(request.GET)
    form.is_valid()
    rows = queries.list_consents(scope=scope_of(staff_of(request)), asked=form.asked)
    context = {"form": form, "page": tables.page_of(request, rows)}
    return render(request, "journeys/contact/consent_list.html", context)


@requires(Permission.VIEW_CONSENTS)
def refusal_list(request: HttpRequest) -> HttpResponse:
    """This will show who asked never to be contacted, the latest first."""
    form = RefusalFilter(request.GET)
    form.is_valid()
    rows = queries.list_refusals(scope=scope_of(staff_of(request)), asked=form.asked)
    context = {"form": form, "page": tables.page_of(request, rows)}
    return render(request, "journeys/contact/refusal_list.html", context)


@requires(Permission.VIEW_CONTACT_RULES)
def consent_text_list(request: HttpRequest) -> HttpResponse:
    """This will show the texts that people agree to, in all versions."""
    context = {
        "page": tables.page_of(request, queries.texts()),
        "today": clock.today(),
        "may_edit": staff_of(request).may(Permission.EDIT_CONTACT_RULES),
    }
    return render(request, "journeys/contact/text_list.html", context)


@requires(Permission.EDIT_CONTACT_RULES)
def consent_text_new(request: HttpRequest) -> HttpResponse:
    """This will add a text, or the next version of one."""
    form = TextForm(request.POST or None, initial={"effective_date": clock.today()})
    if form.is_valid():
        try:
            text = contact.add_consent_text(
                **form.cleaned_data, actor=staff_of(request), at=clock.now()
            )
        except contact.TextNotAllowed as refusal:
            is_day = isinstance(refusal, contact.TextBackdated)
            form.add_error("effective_date" if is_day else "code", str(refusal))
        else:
            messages.success(request, _("Added: {text}").format(text=text.label))
            return redirect("consent_text_list")
    context = {
        "form": form,
        "title": _("Add a text of consent"),
        "lead": _("Words are never changed: new words are a new version."),
        "submit": _("Add the text"),
        "confirm": _("The words cannot be changed afterwards. Add the text?"),
        "back": reverse("consent_text_list"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/contact/form_page.html", context, status=status)
