"""Settlement: what parties and operators do with files, payouts and differences of any book."""
