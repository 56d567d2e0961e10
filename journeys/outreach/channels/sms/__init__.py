"""SMS over an HTTP gateway."""
