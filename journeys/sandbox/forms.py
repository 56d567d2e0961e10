"""What a person may look for in the practice gateways."""

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.contact.enums import Channel


class SandboxFilter(forms.Form):
    channel = forms.ChoiceField(
        required=False,
        choices=[
            (Channel.SMS, _("SMS")),
            (Channel.EMAIL, _("E-mail")),
            (Channel.PUSH, _("Push message")),
            (Channel.ON_SITE, _("Message in mobile bank")),
        ],
    )
    words = forms.CharField(label=_("Words in the text"), required=False, max_length=100)

    def clean_channel(self) -> str:
        """The first tab is shown where none is chosen."""
        return str(self.cleaned_data["channel"] or Channel.SMS)
