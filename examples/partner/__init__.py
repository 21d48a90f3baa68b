"""A partner platform: the other side of the city's contract, to be read and rewritten."""
