"""Administration: what can be set, who set it last, and the whole of it as one file."""
