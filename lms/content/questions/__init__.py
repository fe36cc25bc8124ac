"""Question kinds: what each asks, which answers it takes, and what they earn."""
