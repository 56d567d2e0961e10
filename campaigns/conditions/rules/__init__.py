"""Conditions: what a campaign asks of a customer, written once and read in four ways.

`base` says what a condition is, `dates` and `spending` hold the kinds, `kinds` lists them, `tree`
joins them by all, any and not, `statement` turns a tree into SQL, `wording` into the published
text, `receipts` into the explanation for one customer.
"""
