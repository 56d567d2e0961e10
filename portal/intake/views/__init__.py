"""Pages about imports, and the receiving end of the JSON API."""
