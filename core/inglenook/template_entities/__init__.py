"""Template entities: sensors, switches, lights … whose states and actions are templates (``template:``)."""

from inglenook.template_entities.section import TemplateEntities

__all__ = ["TemplateEntities"]
