"""``shell_command:``: services that run programs."""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import voluptuous as vol

from inglenook import Home, PluginScope, ServiceCall, ServiceError, Templates, hookimpl
from inglenook.values import is_template, slug
from inglenook_outside.answers import NoAnswer, first_line
from inglenook_outside.programs import NOT_ALLOWED, Output, Programs
from inglenook_outside.schemas import template_of

DOMAIN: Final = "shell_command"
TIMEOUT_S: Final = 60.0


@hookimpl
def config_schema(home: Home) -> Any:
    """Return the settings: a command by the name of its service."""
    return vol.Schema({slug: template_of(home)})


@hookimpl
def config_warnings(home: Home, config: Mapping[str, str]) -> Iterable[tuple[Sequence[Any], str]]:
    """Say that programs are not allowed, where that is so."""
    if config and not home.settings.allow_programs:
        yield (), NOT_ALLOWED


@hookimpl
def service_names(config: Mapping[str, str]) -> Iterable[str]:
    """Return a service for each name."""
    return (f"{DOMAIN}.{name}" for name in config)


@hookimpl
def setup(home: Home, config: Mapping[str, str], scope: PluginScope) -> None:
    """Offer the services; where programs are not allowed each of them says so."""
    programs, templates = Programs(home, scope), Templates(home)
    for name, command in config.items():
        run = partial(_run, programs, scope, Command(templates, command))
        scope.register_service(DOMAIN, name, run, supports_response="optional", has_target=False)


class Command:
    """A command whose arguments may be templates.

    Args:
        templates: what compiles them.
        text: the program, a space, its arguments.
    """

    def __init__(self, templates: Templates, text: str) -> None:
        self._text = text
        self._program, _, arguments = text.partition(" ")
        self._arguments = templates.compile(arguments) if is_template(arguments) else None

    def filled_in(self, variables: Mapping[str, Any]) -> str | list[str]:
        """Return what to run: as it is written for the shell; with a template a program and arguments, without one.

        So no value that a template brings in can be more than an argument.

        Raises:
            ServiceError: the arguments have a quote without an end.
            TemplateError: the template fails.
        """
        if self._arguments is None:
            return self._text
        arguments = self._arguments.render_text(variables)
        try:
            return [self._program, *shlex.split(arguments)]
        except ValueError as error:
            raise ServiceError(f"the arguments of {self._program} cannot be told apart: {error}") from error


async def _run(programs: Programs, scope: PluginScope, command: Command, call: ServiceCall) -> Mapping[str, Any] | None:
    name = f"{DOMAIN}.{call.service}"
    try:
        output = await programs.run(command.filled_in(call.data), timeout_s=TIMEOUT_S)
    except NoAnswer as error:
        raise ServiceError(f"{name}: {error}") from error
    if call.return_response:
        return _response(name, output)
    if output.status != 0:
        complaint = first_line(output.stderr.decode(errors="replace"))
        scope.log.error("%s ended with status %d%s", name, output.status, complaint and f": {complaint}")
    return None


def _response(name: str, output: Output) -> Mapping[str, Any]:
    try:
        stdout, stderr = (stream.decode().strip() for stream in (output.stdout, output.stderr))
    except UnicodeDecodeError as error:
        raise ServiceError(f"{name} said something that is no text: {error}") from error
    return {"stdout": stdout, "stderr": stderr, "returncode": output.status}
