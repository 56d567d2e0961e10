"""Real calls of a bank, read as the product's model sees calls."""
