"""Reading the contact ledger: the one gate, and what pages show."""

from journeys.contact.queries.asking import (
    array_of,
    ask_again,
    ask_gate,
    count_answers,
    gate_over,
    gate_statement,
    gate_values,
    run_gate,
)
from journeys.contact.queries.calendar import (
    caps,
    dated,
    days_of,
    hours,
    kept_days,
    known_years,
    workdays,
    year_of,
    years_to_enter,
)
from journeys.contact.queries.ledger import (
    list_bad_addresses,
    list_consents,
    list_refusals,
    reached,
    statements_of,
    texts,
    texts_in_force,
    verdicts_now,
)
from journeys.contact.queries.origins import Made, contacts_by_origin
from journeys.contact.queries.refusals import (
    customer_and_refusals,
    customer_is_barred,
    phone_is_refused,
    refusals_of,
    refused_among,
)
from journeys.contact.queries.resting import marketing_rests

__all__ = [
    "Made", "array_of", "ask_again", "ask_gate", "caps", "contacts_by_origin", "count_answers",
    "customer_and_refusals", "customer_is_barred", "dated", "days_of", "gate_over",
    "gate_statement", "gate_values", "hours", "kept_days", "known_years", "list_bad_addresses",
    "list_consents", "list_refusals", "marketing_rests", "phone_is_refused", "reached",
    "refusals_of", "refused_among", "run_gate", "statements_of", "texts", "texts_in_force",
    "verdicts_now", "workdays", "year_of", "years_to_enter",
]  # fmt: skip
