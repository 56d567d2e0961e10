"""The customers whom a file names, as SQL over its staged rows."""

# Sending asks the gate while it holds the customer: it sees either nothing of an import yet and has
# sent before it, or all of it.
LOCK_NAMED = """
SELECT c.id FROM journeys_customer c
WHERE c.number IN (SELECT customer FROM intake_staging) ORDER BY c.id FOR NO KEY UPDATE
"""
