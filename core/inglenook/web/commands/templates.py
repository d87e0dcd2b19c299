"""The command that renders a template, and renders it again whenever its result may differ."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import voluptuous as vol

from inglenook.auth import Permission
from inglenook.errors import TemplateError
from inglenook.rules.tracking import TemplateWatch
from inglenook.templates import Template, Tracked
from inglenook.web.commands.command import Commands, Request
from inglenook.web.commands.fields import mapping, seconds, texts
from inglenook.web.commands.metered import Metered

COMMANDS: Final = Commands()


@COMMANDS.command(
    "render_template",
    Permission.READ,
    {
        vol.Required("template"): str,
        "entity_ids": vol.Any(None, texts),
        "variables": mapping,
        "timeout": seconds,
        vol.Optional("strict", default=False): bool,
        vol.Optional("report_errors", default=False): bool,
    },
)
def render_template(request: Request) -> None:
    """Send what a template gives, now and each time that it gives something else.

    No template takes long here, so that ``timeout`` says no more than that a failure is wanted as an answer.
    """
    workshop, data, variables = request.house.engine.workshop, request.data, request.data.get("variables", {})
    template = workshop.templates.compile(data["template"])
    told = _Told(request)
    watched = Metered(request, _Watched(request, template, told=told))
    if "timeout" in data and (error := watched.track(variables).error) is not None:
        raise error
    watch = TemplateWatch(workshop.states, request.home.clock, watched, variables, lambda *_: told.result(watch))
    request.accept()
    request.subscribe(watch.stop)
    watched.go_on()
    told.is_open = True
    told.result(watch)


class _Told:
    """What one client is told of its template; nothing before ``is_open``."""

    def __init__(self, request: Request) -> None:
        self.is_open = False
        self._request = request
        self._reports = request.data["report_errors"]
        self._problems: list[str] = []

    def problems(self, problems: list[str]) -> None:
        """Tell, with the next result, what a rendering took as empty."""
        self._problems = list(dict.fromkeys(problems))

    def result(self, watch: TemplateWatch) -> None:
        """Send what a watch has now."""
        if not self.is_open or watch.tracked is None:
            return
        problems, self._problems = self._problems, []
        if watch.error is not None:
            self._report(str(watch.error), "ERROR")
            return
        for problem in problems:
            self._report(problem, "WARNING")
        self._request.event({"result": watch.result, "listeners": _listeners(watch.tracked)})

    def _report(self, problem: str, level: str) -> None:
        if self._reports:
            self._request.event({"error": problem, "level": level})


class _Watched:
    """A template whose warnings go to the client, and fail it when it is strict."""

    def __init__(self, request: Request, template: Template, *, told: _Told) -> None:
        self._templates = request.house.engine.workshop.templates
        self._template = template
        self._is_strict = request.data["strict"]
        self._told = told

    def track(self, variables: Mapping[str, Any]) -> Tracked:
        """Return the result and what it depends on."""
        with self._templates.listening() as problems:
            tracked = self._template.track(variables)
        if self._is_strict and problems and tracked.error is None:
            return replace(tracked, result=None, error=TemplateError(problems[0]))
        self._told.problems(problems)
        return tracked


def _listeners(tracked: Tracked) -> dict[str, Any]:
    """Return what changes a result, in the words of clients."""
    is_all = tracked.all_states or "*" in tracked.domains | tracked.lifecycle_domains
    return {
        "all": is_all,
        "entities": [] if is_all else sorted(tracked.entities),
        "domains": [] if is_all else sorted(tracked.domains | tracked.lifecycle_domains),
        "time": tracked.uses_time,
    }
