"""Reading requests, what is held about a person, and what is left of one."""

from journeys.rights.queries.requests import (
    contradicted,
    copies_on,
    erasures_to_do,
    events_of,
    list_requests,
    nearing_limit,
    one_request,
    person_of,
    requests_of,
    rule_on,
)

__all__ = [
    "contradicted", "copies_on", "erasures_to_do", "events_of", "list_requests", "nearing_limit",
    "one_request", "person_of", "requests_of", "rule_on",
]  # fmt: skip
