"""Recognition: links to partner platforms, what they have paid, and value that moves between."""
