"""Measurements of the portal's heavy work, each beside the bare SQL that does the same."""
