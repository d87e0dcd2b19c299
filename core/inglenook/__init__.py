"""inglenook: a home automation engine. What is imported from here is public and stays."""

__version__ = "0.1.0"
