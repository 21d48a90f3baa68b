"""Wire shapes of recognition."""
