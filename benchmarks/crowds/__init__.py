"""Processes of clients, for benchmarks of many at once."""
