"""A fictional organisation with a year of service life, for looking around and for trying things out."""

from gnomon.project.demo.load import is_loaded, load_demo, sign_ins

__all__ = ["is_loaded", "load_demo", "sign_ins"]
