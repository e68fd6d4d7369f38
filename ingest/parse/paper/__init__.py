"""What is laid out on pages: words at their places, put back into lines, columns and blocks."""
