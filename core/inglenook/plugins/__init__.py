"""Plugins: what one may hook into, how it is found, and how it is supervised."""
