"""The FAQ as files: for spreadsheets, word processors, web pages and other programs."""
