"""Comments that graders keep, to put them into their feedback again."""
