"""Rendering courses: Markdown to safe HTML, with links and media resolved."""
