"""An existing FAQ read from a file: its questions, with citations proposed for its answers."""
