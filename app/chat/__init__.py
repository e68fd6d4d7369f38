"""The parts of the door to language models: see :mod:`app.model`."""
