"""The arguments of the subcommands of ``chartiste``: one file a group of them."""
