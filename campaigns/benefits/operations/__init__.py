"""The life of a member benefit: it begins with its grant, is used, expires, or is taken back."""

from campaigns.benefits.operations.counting import gather_counts
from campaigns.benefits.operations.expiring import expire_benefits
from campaigns.benefits.operations.lives import begin, take_back
from campaigns.benefits.operations.settling import SettlingRefused, settle
from campaigns.benefits.operations.using import UseRefused, record_use, undo_use

__all__ = [
    "SettlingRefused",
    "UseRefused",
    "begin",
    "expire_benefits",
    "gather_counts",
    "record_use",
    "settle",
    "take_back",
    "undo_use",
]
