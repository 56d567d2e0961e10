"""What a person may ask of cases and complaints, and say about them."""

from collections.abc import Sequence
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.care import queries
from journeys.care.enums import CareChannel, CaseState, CauseKind, ComplaintState, Grade
from journeys.care.rules import SUBJECT_LENGTH, Cause
from journeys.customers import queries as customers
from portal.kit import days, filters
from portal.staff.access import Scope


def _words(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=2000,
        min_length=2,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ComplaintFilter(forms.Form):
    """Without a state asked for, the open ones. Reference, branch and days come by links of the
    evaluation and stay while the person narrows further."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[*ComplaintState.choices, ("all", _("All"))]
    )
    grade = forms.ChoiceField(
        label=_("Grade"), required=False, choices=[("", _("All")), *Grade.choices]
    )
    cause = forms.ChoiceField(
        label=_("Root cause"),
        required=False,
        choices=[("", _("All")), (queries.NO_CAUSE, _("Not yet known")), *CauseKind.choices],
    )
    first = days.DayField(label=_("Opened from"), required=False)
    last = days.DayField(label=_("Opened until"), required=False)
    reference = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    branch = forms.ChoiceField(label=_("Branch"), required=False)

    def __init__(self, *args: Any, branches: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paths = {branch.code: branch.path for branch in branches}
        field = cast(forms.ChoiceField, self.fields["branch"])
        field.choices = [("", _("All")), *((branch.code, branch.label) for branch in branches)]
        widths = dict.fromkeys(self.fields, "col-6 col-md-auto")
        self.helper = filters.filter_helper({**widths, "reference": "d-none"})

    @property
    def asked(self) -> dict[str, str]:
        """What is asked for; a value that is wrong is left out."""
        asked = dict(self.cleaned_data)
        state = asked.get("state") or ComplaintState.OPEN.value
        path = self.paths.get(asked.pop("branch", ""), "")
        return {**asked, "branch_path": path, "state": "" if state == "all" else state}


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
        number = self.cleaned_data["customer"].strip()
        for spelled in (number, number.upper()):
            if found := customers.one_customer(scope=self.scope, number=spelled):
                return found.pk
        raise forms.ValidationError(_("There is no customer of your branches with this number."))


class ComplaintForm(_OfCustomer):
    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices)
    words = _words(
        _("The customer's words"), _("Phone, ID and card numbers in the text are masked.")
    )


class CaseForm(_OfCustomer):
    subject = forms.CharField(label=_("Subject"), max_length=SUBJECT_LENGTH, min_length=2)


class StepForm(forms.Form):
    """A step that leaves words: an answer, a reason, what was done."""

    words = _words(_("What was done or said, or why"), _("It stays in the history."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class CloseForm(forms.Form):
    """How a complaint ends: nothing is closed without its root cause, and what is named as one
    must exist. The page draws the choices of the cause itself: `choices_for` gives them."""

    cause = forms.CharField(
        label=_("Root cause"),
        max_length=200,
        error_messages={"required": _("Choose what the complaint came from.")},
    )
    remedy = _words(_("Remedy"), _("What was done for the customer, and against the cause."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("remedy")

    def clean_cause(self) -> Cause:
        """This will find what was chosen."""
        cause = queries.cause_of(self.cleaned_data["cause"])
        if cause is None:
            raise forms.ValidationError(
                _("There is no such campaign version, text or member of staff; search for it.")
            )
        return cause

    @property
    def chosen(self) -> str:
        """What was chosen, when the form comes back."""
        return str(self.data.get(self.add_prefix("cause"), ""))


class CauseFilter(forms.Form):
    """Which complaints are evaluated; without days those of the last twelve months."""

    first = days.DayField(label=_("Opened from"), required=False)
    last = days.DayField(label=_("Opened until"), required=False)
    branch = forms.ChoiceField(label=_("Branch"), required=False)
    cause = forms.ChoiceField(
        label=_("Root cause"), required=False, choices=[("", _("All")), *CauseKind.choices]
    )

    def __init__(self, *args: Any, branches: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["branch"])
        field.choices = [("", _("All")), *branches]
        self.helper = filters.filter_helper(dict.fromkeys(self.fields, "col-6 col-md-auto"))

    def clean(self) -> dict[str, Any]:
        """This will refuse a span that ends before it begins."""
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("This day lies before the first one."))
        return given
