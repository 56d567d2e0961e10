"""The pages of cases and complaints."""

from journeys.care.views.cases import case_close, case_list, case_new, case_page
from journeys.care.views.causes import complaint_causes
from journeys.care.views.complaints import (
    cause_search,
    complaint_answer,
    complaint_close,
    complaint_extend,
    complaint_list,
    complaint_new,
    complaint_page,
    complaint_reopen,
    customer_care,
)

__all__ = [
    "case_close", "case_list", "case_new", "case_page", "cause_search", "complaint_answer",
    "complaint_causes", "complaint_close", "complaint_extend", "complaint_list", "complaint_new",
    "complaint_page", "complaint_reopen", "customer_care",
]  # fmt: skip
