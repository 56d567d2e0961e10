"""Embedded PostgreSQL and Valkey, and the supervisor behind `make run`. Knows no Django."""
