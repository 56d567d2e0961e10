"""What benchmarks of figures read and write; small tests use the same."""
