"""The database of the staff's workspace: the journal, the accounts, the entries of the FAQ."""
