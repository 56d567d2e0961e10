"""Worlds in which what campaigns will grant is known, and how often it lies in the interval."""
