"""The course format: a folder of Markdown files to checked values, and nothing about the site."""
