"""What participants ask the instructors of their course, and the answers."""
