"""Whether a statement is what its cited passages say. Pure: nothing is read, asked or kept."""
