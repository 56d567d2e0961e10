"""What a person may say of leads, their pool, and the calls that are read."""

from journeys.telemarketing.forms.conversion import ConversionFilter
from journeys.telemarketing.forms.dispositions import DispositionForm
from journeys.telemarketing.forms.facts import FactFilter, FactForm, WithdrawForm
from journeys.telemarketing.forms.lists import LeadFilter
from journeys.telemarketing.forms.merges import CollectForm, LeadReasonForm
from journeys.telemarketing.forms.pools import AssignForm, PolicyForm, TakeBackForm
from journeys.telemarketing.forms.quality import (
    CriteriaForm,
    DecideForm,
    DisputeForm,
    QualityPolicyForm,
    ReadForm,
    ResultsFilter,
)
from journeys.telemarketing.forms.scripts import SayForm, ScriptForm
from journeys.telemarketing.forms.wrap import WrapForm

__all__ = [
    "AssignForm", "CollectForm", "ConversionFilter", "CriteriaForm", "DecideForm",
    "DispositionForm", "DisputeForm", "FactFilter", "FactForm", "LeadFilter", "LeadReasonForm",
    "PolicyForm", "QualityPolicyForm", "ReadForm", "ResultsFilter", "SayForm", "ScriptForm",
    "TakeBackForm", "WithdrawForm", "WrapForm",
]  # fmt: skip
