"""The whole configuration as one file that people can read: written, compared, carried out."""
