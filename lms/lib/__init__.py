"""Small things without a domain and without I/O: safe HTML from Markdown, numbers and dates in words."""
