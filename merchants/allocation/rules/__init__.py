"""How money is split among partners: responses, bounds, the best split, and why."""
