"""What the editor does to plain values: trees, places, what a new draft begins with, estimates."""
