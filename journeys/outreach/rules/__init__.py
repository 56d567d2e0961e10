"""Plain values of the outbox: texts and their length, keys, what follows from a try, and what
people answer."""

from journeys.outreach.rules.answers import is_refusal, phone_of, plain
from journeys.outreach.rules.bounces import Bounce, read_bounce, read_unsubscribe
from journeys.outreach.rules.checks import (
    TextFault,
    faults_of,
    names_sender,
    says_how_to_refuse,
    sender_of,
    with_sender,
)
from journeys.outreach.rules.own import OWN_CHANNELS, masked_own, own_address_of
from journeys.outreach.rules.segments import Alphabet, Segments, segments_of
from journeys.outreach.rules.sending import (
    GIVEN_BACK,
    HELD_BACK_AT_MOST,
    MAX_ATTEMPTS,
    PRIORITIES,
    USUAL_PRIORITY,
    BadTemplate,
    NextStep,
    VariableMissing,
    cause_of_turn,
    is_out_of_date,
    message_id_of,
    message_key,
    next_step,
    render,
    unknown_variables,
    variables_of,
)

__all__ = [
    "GIVEN_BACK", "HELD_BACK_AT_MOST", "MAX_ATTEMPTS", "OWN_CHANNELS", "PRIORITIES",
    "USUAL_PRIORITY", "Alphabet", "BadTemplate", "Bounce", "NextStep", "Segments", "TextFault",
    "VariableMissing", "cause_of_turn", "faults_of", "is_out_of_date", "is_refusal", "masked_own",
    "message_id_of", "message_key", "names_sender", "next_step", "own_address_of", "phone_of",
    "plain", "read_bounce", "read_unsubscribe", "render", "says_how_to_refuse", "segments_of",
    "sender_of", "unknown_variables", "variables_of", "with_sender",
]  # fmt: skip
