"""Pages of flash sales, and the door for customers' channels."""
