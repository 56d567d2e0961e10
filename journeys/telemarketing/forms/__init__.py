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
from journeys.telemarketing.forms.scripts import SayForm, ScriptForm

__all__ = [
    "AssignForm", "CallForm", "CriteriaForm", "DecideForm", "DisputeForm", "FactFilter", "FactForm",
    "LeadFilter", "PolicyForm", "QualityPolicyForm", "ReadForm", "ResultsFilter", "SayForm",
    "ScriptForm", "TakeBackForm", "WithdrawForm",
]  # fmt: skip
