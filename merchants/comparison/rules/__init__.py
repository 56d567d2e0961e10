"""Figures with intervals, and what may be compared."""
