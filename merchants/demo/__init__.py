"""The demo bank: merchants."""
