"""Plain rules of refusals."""
