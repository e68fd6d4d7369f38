"""The pages of the staff: server-rendered forms that need no script, behind one gate."""
