"""The forms of the steps. A draft may be incomplete, so nothing is required here; what is given
must be readable. Each form reads its fields out of a draft's content and writes them back."""

from campaigns.design.forms.basics import BasicsForm, StartForm, WakingForm
from campaigns.design.forms.budget import BudgetForm
from campaigns.design.forms.inside import InsideFilter
from campaigns.design.forms.parts import UNCHOSEN, StepForm, ways_of_telling
from campaigns.design.forms.rewards import ModeForm, TierForm
from campaigns.design.forms.texts import TextsForm
from campaigns.design.forms.touch_steps import TouchForm, VariantForm
from campaigns.design.forms.touches import TouchesForm

__all__ = [
    "UNCHOSEN", "BasicsForm", "BudgetForm", "InsideFilter", "ModeForm", "StartForm", "StepForm",
    "TextsForm", "TierForm", "TouchForm", "TouchesForm", "VariantForm", "WakingForm",
    "ways_of_telling",
]  # fmt: skip
