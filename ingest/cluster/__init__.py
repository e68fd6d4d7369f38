"""Parsing and embedding shared by the machines of a Ray cluster."""
