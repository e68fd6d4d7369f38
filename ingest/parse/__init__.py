"""Bytes to :class:`~ingest.documents.Document`, one file per format."""
