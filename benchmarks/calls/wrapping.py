"""How a call ends that nobody answered."""

from journeys.telemarketing import operations, queries
from portal.kit import clock
from portal.models import Staff


def wrap_up(person: Staff) -> None:
    """This will end the call of what somebody has in hand: nobody answered, and it is called
    again. Raises LeadRefused."""
    disposition = queries.disposition_of("no_answer")
    assert disposition is not None
    operations.wrap_up(
        caller=person, at=clock.now(), disposition=disposition, next_step=disposition.steps[0]
    )
