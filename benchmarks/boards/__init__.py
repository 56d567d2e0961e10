"""Parts of the benchmark of dashboards: a day's work in all branches, and asking for pages."""
