"""What a person may say of leads and their pool."""

from journeys.telemarketing.forms.conversion import ConversionFilter
from journeys.telemarketing.forms.lists import LeadFilter
from journeys.telemarketing.forms.merges import CollectForm, LeadReasonForm
from journeys.telemarketing.forms.pools import AssignForm, CallForm, PolicyForm, TakeBackForm

__all__ = [
    "AssignForm", "CallForm", "CollectForm", "ConversionFilter", "LeadFilter", "LeadReasonForm",
    "PolicyForm", "TakeBackForm",
]  # fmt: skip
