"""What turnover shows: plain functions on plain values.

`seasons`, `noise`, `scan` and `judging` work on arrays of all merchants at once and load numpy and
scipy; only what works at night imports them, so that pages and their processes stay small.
"""
