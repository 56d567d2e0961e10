"""The filter above the audit trail; its values stand in the page's address."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit import days


class FilterForm(forms.Form):
    """Which entries to show."""

    first = days.DayField(label=_("From day"), required=False)
    last = days.DayField(label=_("To day"), required=False)
    actor = forms.CharField(label=_("Who"), required=False, max_length=80)
    action = forms.CharField(
        label=_("Action begins with"), required=False, max_length=60, help_text="staff.  approval."
    )
    target = forms.CharField(label=_("What"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.disable_csrf = True
        narrow, wide = "col-6 col-lg-2", "col-12 col-sm-6 col-lg-2"
        self.helper.layout = Layout(
            Row(
                Column("first", css_class=narrow),
                Column("last", css_class=narrow),
                Column("actor", css_class=wide),
                Column("action", css_class=wide),
                Column("target", css_class=wide),
            ),
            Submit("", _("Filter"), css_class="btn btn-primary"),
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and last < first:
            self.add_error("last", _("This day is before the first one."))
        return found
