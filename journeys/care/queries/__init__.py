"""Reading cases and complaints, what they came from, and what that says."""

from journeys.care.queries.causes import (
    SINCE_DAYS,
    Offer,
    cause_of,
    closed_by_campaign,
    exists,
    name_of,
    named_causes,
    offer_of,
    offers_for,
    plain_offers,
    search_causes,
)
from journeys.care.queries.complaints import (
    NO_CAUSE,
    cases_of,
    complaints_of,
    events_of,
    is_customer_of,
    limits_on,
    list_cases,
    list_complaints,
    nearing_limit,
    one_case,
    one_complaint,
    rounds_of,
    steps_of_cases,
    steps_of_complaints,
    too_late,
)
from journeys.care.queries.evaluation import Line, Wanted, by_cause, by_month, whole

__all__ = [
    "NO_CAUSE", "SINCE_DAYS", "Line", "Offer", "Wanted", "by_cause", "by_month", "cases_of",
    "cause_of", "closed_by_campaign", "complaints_of", "events_of", "exists", "is_customer_of",
    "limits_on", "list_cases", "list_complaints", "name_of", "named_causes", "nearing_limit",
    "offer_of", "offers_for", "one_case", "one_complaint", "plain_offers", "rounds_of",
    "search_causes", "steps_of_cases", "steps_of_complaints", "too_late", "whole",
]  # fmt: skip
