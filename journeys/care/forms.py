"""What a person may ask of cases and complaints, and say about them."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.care.enums import CareChannel, CaseState, CauseKind, ComplaintState, Grade
from journeys.care.operations import Cause
from journeys.customers import queries as customers
from portal.kit import filters
from portal.staff.access import Scope
from portal.staff.models import Staff


def _words(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=2000,
        min_length=2,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ComplaintFilter(forms.Form):
    """Without a state asked for, the open ones."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[*ComplaintState.choices, ("all", _("All"))]
    )
    grade = forms.ChoiceField(
        label=_("Grade"), required=False, choices=[("", _("All")), *Grade.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper(dict.fromkeys(self.fields, "col-6 col-md-3"))

    @property
    def asked(self) -> dict[str, str]:
        """What is asked for; a value that is wrong is left out."""
        state = self.cleaned_data.get("state") or ComplaintState.OPEN.value
        return {
            "state": "" if state == "all" else state,
            "grade": self.cleaned_data.get("grade", ""),
        }


class CaseFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *CaseState.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper(dict.fromkeys(self.fields, "col-6 col-md-3"))


class _OfCustomer(forms.Form):
    """Something about a customer of the person's scope."""

    customer = forms.CharField(label=_("Customer number"), max_length=40)
    channel = forms.ChoiceField(label=_("Channel"), choices=CareChannel.choices)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_customer(self) -> int:
        """This will find the customer; one outside the scope is as unknown as none."""
        number = self.cleaned_data["customer"].strip().upper()
        found = customers.one_customer(scope=self.scope, number=number)
        if found is None:
            raise forms.ValidationError(
                _("There is no customer of your branches with this number.")
            )
        return found.pk


class ComplaintForm(_OfCustomer):
    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices)
    words = _words(
        _("The customer's words"), _("Phone, ID and card numbers in the text are masked.")
    )


class CaseForm(_OfCustomer):
    subject = forms.CharField(label=_("Subject"), max_length=200, min_length=2)


class StepForm(forms.Form):
    """A step that leaves words: an answer, a reason, what was done."""

    words = _words(_("What was done or said, or why"), _("It stays in the history."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class CloseForm(forms.Form):
    """How a complaint ends: nothing is closed without its root cause."""

    kind = forms.ChoiceField(label=_("Root cause"), choices=[("", "–"), *CauseKind.choices])
    reference = forms.CharField(
        label=_("Reference of the cause"),
        max_length=80,
        required=False,
        help_text=_(
            "For a campaign its code and version (CODE/2); for a text its code; for a member of "
            "staff the staff number."
        ),
    )
    remedy = _words(_("Remedy"), _("What was done for the customer, and against the cause."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        """This will read kind and reference as one cause."""
        given = super().clean() or {}
        kind, reference = given.get("kind", ""), given.get("reference", "").strip()
        if kind == CauseKind.STAFF:
            staff = Staff.objects.filter(staff_number=reference).first() if reference else None
            if staff is None:
                self.add_error("reference", _("Nobody has this staff number."))
            given["cause"] = Cause(kind, "", staff.pk if staff else None)
        else:
            given["cause"] = Cause(kind, reference)
            if kind and not given["cause"].is_complete:
                self.add_error("reference", _("This root cause needs a reference."))
        return given
