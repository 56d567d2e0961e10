"""Calls of a bank: real ones, as the product's model sees them, and leads to be called."""
