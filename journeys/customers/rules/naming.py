"""The customers whom a file names, as SQL over its staged rows."""


def lock_named(column: str) -> str:
    """This will return the statement that locks the customers whose numbers stand in a staged
    column, in the order of their ids, until the transaction ends.

    Whoever locks several customers does so in this order: those who record a refusal, reserve
    contacts or send wait for an import, or it for them, and never each for the other. Sending asks
    the gate while it holds the customer: it sees either nothing of an import yet and has sent
    before it, or all of it.
    """
    return (
        "SELECT c.id FROM journeys_customer c"
        f" WHERE c.number IN (SELECT {column} FROM intake_staging)"
        " ORDER BY c.id FOR NO KEY UPDATE"
    )
