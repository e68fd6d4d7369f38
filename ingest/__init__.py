"""From documents to an immutable release: read, split, embed, index, verify, switch.

This package never imports :mod:`app`; see ``CONTRIBUTING.md`` for its floors.
"""
