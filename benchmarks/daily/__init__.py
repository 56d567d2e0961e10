"""Parts of the benchmark of daily figures."""
