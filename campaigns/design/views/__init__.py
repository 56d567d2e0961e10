"""Pages of the editor of campaigns."""
