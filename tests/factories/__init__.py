"""Real rows for tests, one module per app."""
