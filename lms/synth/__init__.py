"""``lms synth``: a whole synthetic agency with its history, for trying pages and speed at full size."""
