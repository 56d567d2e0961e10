"""Reading the contact ledger: the one gate, and what pages show."""

from journeys.contact.queries.asking import (
    ask_again,
    ask_gate,
    count_answers,
    gate_over,
    gate_statement,
    gate_values,
    run_gate,
)

__all__ = [
    "ask_again", "ask_gate", "count_answers", "gate_over", "gate_statement", "gate_values",
    "run_gate",
]  # fmt: skip
