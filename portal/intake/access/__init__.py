"""Who calls the JSON API, and what every door of it does first."""

from portal.intake.access.doors import Door, Problem, Token, body_of, guarded, unknown_address
from portal.intake.access.tokens import token_of

__all__ = ["Door", "Problem", "Token", "body_of", "guarded", "token_of", "unknown_address"]
