"""What a person may say of leads, their pool and their calls."""

from journeys.telemarketing.forms.dispositions import DispositionForm
from journeys.telemarketing.forms.lists import LeadFilter
from journeys.telemarketing.forms.pools import AssignForm, PolicyForm, TakeBackForm
from journeys.telemarketing.forms.wrap import WrapForm

__all__ = ["AssignForm", "DispositionForm", "LeadFilter", "PolicyForm", "TakeBackForm", "WrapForm"]
