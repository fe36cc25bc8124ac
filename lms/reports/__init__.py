"""Who stands where: the board of an agency, a head's own people, reports of a year, and the same as files."""
