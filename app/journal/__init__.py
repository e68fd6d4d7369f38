"""What citizens ask, kept without anything that tells who they are."""
