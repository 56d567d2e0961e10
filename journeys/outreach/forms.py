"""What a person may ask of the outbox, and say about a message."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.contact.enums import Channel
from journeys.outreach.enums import MessageState
from portal.kit import days, filters


class OutboxFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *MessageState.choices]
    )
    channel = forms.ChoiceField(
        label=_("Channel"),
        required=False,
        choices=[("", _("All")), *Channel.choices],
    )
    origin = forms.CharField(
        label=_("Origin"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": _("Name or code")}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper(
            {"state": "col-6 col-md-3", "channel": "col-6 col-md-3", "origin": "col-12 col-md-4"}
        )


class _WithoutTag(forms.Form):
    """A form whose page writes its tag and buttons."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class SettleForm(_WithoutTag):
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
        self.helper.layout = Layout("reason")


class NoteForm(forms.Form):
    """A few words beside the button."""

    note = forms.CharField(label=_("What was done"), min_length=2, max_length=200)


class OriginForm(_WithoutTag):
    """What is to be done with all messages of an origin; the ways are the buttons' values."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, min_length=2,
        help_text=_("Why; it stays in the audit trail with your name."),
    )  # fmt: skip
    way = forms.ChoiceField(
        choices=[
            ("pause", _("Pause the sending")),
            ("resume", _("Go on sending")),
            ("stop", _("Stop for good")),
            ("send_again", _("Send those set aside again")),
        ],
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout("reason")


class RateForm(_WithoutTag):
    """How fast a gateway may be given messages."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    gateway = forms.CharField(
        label=_("Gateway"), max_length=120, required=False,
        help_text=_("Its host name, as in the settings; empty for whichever there is."),
    )  # fmt: skip
    effective_date = days.DayField(label=_("In force from"))
    per_minute = forms.IntegerField(
        label=_("Messages in a minute"), min_value=1, max_value=1_000_000
    )
    burst = forms.IntegerField(label=_("At once, at most"), min_value=1, max_value=100_000)
    source = forms.CharField(
        label=_("Source"), max_length=200, min_length=2,
        help_text=_("The contract or notice that says so."),
    )  # fmt: skip
