"""What a course says: read from a folder of Markdown, checked, rendered, stored as JSON and loaded again."""
