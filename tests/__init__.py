"""The suite: mirrors src/gnomon folder by folder."""
