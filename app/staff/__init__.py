"""The people of the agency who prepare and publish the FAQ."""
