"""What a person may say of leads, their pool, and the calls that are read."""

from journeys.telemarketing.forms.facts import FactFilter, FactForm, WithdrawForm
from journeys.telemarketing.forms.lists import LeadFilter
from journeys.telemarketing.forms.pools import AssignForm, CallForm, PolicyForm, TakeBackForm
from journeys.telemarketing.forms.quality import (
    CriteriaForm,
    DecideForm,
    DisputeForm,
    QualityPolicyForm,
    ReadForm,
    ResultsFilter,
)

__all__ = [
    "AssignForm", "CallForm", "CriteriaForm", "DecideForm", "DisputeForm", "LeadFilter",
    "PolicyForm", "QualityPolicyForm", "ReadForm", "ResultsFilter", "TakeBackForm",
from journeys.telemarketing.forms.scripts import SayForm, ScriptForm

__all__ = [
    "AssignForm", "CallForm", "FactFilter", "FactForm", "LeadFilter", "PolicyForm", "SayForm",
    "ScriptForm", "TakeBackForm", "WithdrawForm",
]  # fmt: skip
