"""The assistant in a browser and over HTTP: pages, JSON doors, and their errors."""
