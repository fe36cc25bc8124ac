"""``make bench``: measures the site and the limit of this machine in one run."""
