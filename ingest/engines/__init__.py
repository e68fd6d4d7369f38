"""Embedding models, one engine a file; :mod:`ingest.embed` is their door."""
