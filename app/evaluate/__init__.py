"""Measuring answers on questions whose answers are known: ``chartiste eval``."""
