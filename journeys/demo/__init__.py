"""The demo bank: customers and what they did."""
