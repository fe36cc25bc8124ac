"""``make bench``: each figure of the site beside the limit of this machine, in one run."""
