"""Plain rules of window communication."""
