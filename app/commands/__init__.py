"""What each subcommand of ``chartiste`` does, one file a kind; :mod:`app.cli` calls them.

Heavy libraries are imported by the command that needs them, so that ``ask`` and ``search`` start
without gradio, torch or the parsers.
"""
