"""The entries of the FAQ: written by the staff, tied to the passages they rest on."""
