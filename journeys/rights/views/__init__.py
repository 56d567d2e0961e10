"""Pages of requests about data."""

from journeys.rights.views.pages import rights_find, rights_list, rights_new, rights_page
from journeys.rights.views.steps import (
    rights_again,
    rights_copy,
    rights_correct,
    rights_erase,
    rights_finish,
    rights_identity,
    rights_object,
    rights_refuse,
)

__all__ = [
    "rights_again", "rights_copy", "rights_correct", "rights_erase", "rights_find",
    "rights_finish", "rights_identity", "rights_list", "rights_new", "rights_object",
    "rights_page", "rights_refuse",
]  # fmt: skip
