"""Jinja templates in Home Assistant's dialect."""
