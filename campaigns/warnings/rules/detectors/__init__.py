"""The detectors: each a function from counts and limits to findings."""
