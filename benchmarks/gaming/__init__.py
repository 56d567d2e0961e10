"""Worlds in which some people game the bank, and what the detectors of early warning find there."""
