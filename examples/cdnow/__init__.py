"""CDNOW: purchases of a music shop's customers, from the first one of each."""
