"""A course folder as files: which file is what, each read on its own, and all of them together."""
