"""What a person may say of leads and their pool."""

from journeys.telemarketing.forms.facts import FactFilter, FactForm, WithdrawForm
from journeys.telemarketing.forms.lists import LeadFilter
from journeys.telemarketing.forms.pools import AssignForm, CallForm, PolicyForm, TakeBackForm
from journeys.telemarketing.forms.scripts import SayForm, ScriptForm

__all__ = [
    "AssignForm", "CallForm", "FactFilter", "FactForm", "LeadFilter", "PolicyForm", "SayForm",
    "ScriptForm", "TakeBackForm", "WithdrawForm",
]  # fmt: skip
