"""The step that fires an event: ``event: doorbell_rang``."""

import logging
from typing import Any, Final

import voluptuous as vol

from inglenook.config.trees import start_of
from inglenook.config.values import string
from inglenook.errors import TemplateError
from inglenook.rules.faults import located
from inglenook.rules.kinds import Action, ActionKind, Compiler, Config
from inglenook.rules.run import Run
from inglenook.rules.shape import Shape, mapping

_log = logging.getLogger(__name__)

SHAPE: Final = Shape({vol.Required("event"): string, "event_data": mapping, "event_data_template": mapping})


def compile_event(config: Config, compiler: Compiler, path: str) -> Action:
    """Return the step; the event has the run's context, and no data when a template in it fails."""
    event_type: str = config["event"]
    data = {**config.get("event_data", {}), **config.get("event_data_template", {})}
    fire, name = compiler.home.bus.fire, compiler.name
    render = compiler.renderer(data)
    if render.is_static:
        constant = render()
        return lambda run: fire(event_type, constant, run.context)

    def fire_rendered(run: Run) -> None:
        rendered: dict[str, Any] = {}
        try:
            rendered = render(run.variables)
        except TemplateError as error:
            where = located(path, start_of(getattr(config, "raw", config)))
            _log.error("rule %s, %s: event_data: %s; the event goes without data", name, where, error)
        fire(event_type, rendered, run.context)

    return fire_rendered


KIND: Final = ActionKind(lambda _: SHAPE, compile_event)
