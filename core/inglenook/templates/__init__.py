"""Jinja templates in Home Assistant's dialect: rendering, native results, and what a result depends on."""

from inglenook.templates.footprint import Tracked
from inglenook.templates.native import truthy
from inglenook.templates.template import Template, Templates
from inglenook.templates.tree import Renderer

__all__ = ["Renderer", "Template", "Templates", "Tracked", "truthy"]
