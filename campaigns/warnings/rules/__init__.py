"""What is a warning, who must look at it, and what may become of it."""
