"""From a question to a cited answer, and the interfaces through which it is asked.

See ``CONTRIBUTING.md`` for the floors: a file imports only from floors below its own.
"""
