"""What a person may ask of the outbox, and say about a message."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.contact.enums import Channel
from journeys.outreach.enums import MessageState
from portal.kit import filters


class OutboxFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *MessageState.choices]
    )
    channel = forms.ChoiceField(
        label=_("Channel"),
        required=False,
        choices=[("", _("All")), *Channel.choices],
    )
    origin = forms.CharField(label=_("Origin"), required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper(
            {"state": "col-6 col-md-3", "channel": "col-6 col-md-3", "origin": "col-12 col-md-4"}
        )


class SettleForm(forms.Form):
    """The two ways out are the buttons' values."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        min_length=2,
        help_text=_("What you know about this message, and from where; the audit trail keeps it."),
    )
    way = forms.ChoiceField(
        choices=[("mark_as_sent", _("It was sent")), ("send_again", _("Send it again"))],
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("reason")


class NoteForm(forms.Form):
    """A few words beside the button."""

    note = forms.CharField(label=_("What was done"), min_length=2, max_length=200)
