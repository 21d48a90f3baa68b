"""Wire shapes of credit."""
