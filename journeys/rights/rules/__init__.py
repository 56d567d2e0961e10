"""Deadlines, fates of columns, and what a search looks for: plain functions on plain values."""
