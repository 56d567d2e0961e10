"""Random worlds of merchants with planted declines, and two watchers that look for them."""
