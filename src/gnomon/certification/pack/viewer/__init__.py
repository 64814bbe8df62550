"""The pages of a pack: plain HTML in both languages, opened from disk, with no server, network or script needed."""
