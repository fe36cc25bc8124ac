"""Making copies, and the settings of the privacy page."""
