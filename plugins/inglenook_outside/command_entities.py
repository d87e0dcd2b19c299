"""Entities that are what a program says, and switches and covers that are moved by one."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from inglenook import Cover, Home, InglenookError, PluginScope, Switch, Templates
from inglenook.values import is_template
from inglenook_outside.answers import NoAnswer
from inglenook_outside.polling import Poll
from inglenook_outside.programs import Programs
from inglenook_outside.reading import ReadBinarySensor, Reading, ReadSensor
from inglenook_outside.schemas import Config

_CANNOT_RUN: Final = (126, 127)  # what a shell says of a program that it could not start


class Shell:
    """Runs the commands of one entity.

    Args:
        programs: what runs them.
        templates: what compiles the arguments.
        timeout_s: how long each may take.
    """

    def __init__(self, programs: Programs, templates: Templates, timeout_s: float) -> None:
        self._programs = programs
        self._templates = templates
        self._timeout_s = timeout_s

    async def ask(self, command: str) -> str:
        """Return what a command says; what follows its first word may be a template.

        Raises:
            NoAnswer: it failed.
        """
        output = await self._programs.run(self._filled_in(command), timeout_s=self._timeout_s)
        return output.check().text

    async def tell(self, command: str, message: str) -> None:
        """Run a command that reads ``message``.

        Raises:
            NoAnswer: it failed.
        """
        output = await self._programs.run(self._filled_in(command), timeout_s=self._timeout_s, message=message)
        output.check()

    async def status(self, command: str) -> int:
        """Return the status with which a command, taken as it is written, ends.

        Raises:
            NoAnswer: it could not be started or took too long.
        """
        output = await self._programs.run(command, timeout_s=self._timeout_s)
        return output.check().status if output.status in _CANNOT_RUN else output.status

    async def says(self, command: str) -> str:
        """Return what a command, taken as it is written, says.

        Raises:
            NoAnswer: it failed.
        """
        return (await self._programs.run(command, timeout_s=self._timeout_s)).check().text

    def _filled_in(self, command: str) -> str:
        program, _, arguments = command.partition(" ")
        if not is_template(arguments):
            return command
        try:
            return f"{program} {self._templates.compile(arguments).render_text({'arguments': arguments})}"
        except InglenookError as error:
            raise NoAnswer(f"command: {error}") from error


class CommandReading(Reading):
    """An entity that a command answers for."""

    def __init__(self, shell: Shell, home: Home, templates: Templates, log: logging.Logger, config: Config) -> None:
        super().__init__(home, templates, log, config)
        self.shell = shell

    @property
    def is_asked(self) -> bool:
        """Whether there is a command that says what it is."""
        return "command" in self.config or "command_state" in self.config

    async def ask(self) -> None:
        """Run the command and take what it says.

        Raises:
            NoAnswer: it failed.
        """
        self.take(await self.shell.ask(self.config["command"]))

    async def do(self, command: str) -> bool:
        """Run a command that changes something; a failure is logged, and False."""
        try:
            status = await self.shell.status(command)
        except NoAnswer as error:
            self._log.error("%s: %s", self.entity_id, error)
            return False
        if status != 0:
            self._log.error("%s: its command ended with status %d", self.entity_id, status)
        return status == 0

    async def ask_anew(self) -> None:
        """Look what it is after something was done."""
        if self.poll is not None:
            await self.poll.refresh(anew=True)


class CommandSensor(CommandReading, ReadSensor):
    """A sensor that is what a command says."""

    FALLBACK = "Command Sensor"

    def state_text(self, value: str, variables: Mapping[str, Any]) -> str | None:
        """Return what the template makes of it; what is read for its attributes alone has no state."""
        if self.config["json_attributes"] and "value_template" not in self.config:
            return None
        return self.value_of(value, variables)


class CommandBinarySensor(CommandReading, ReadBinarySensor):
    """On or off when a command says one of two texts; unknown when it says something else."""

    FALLBACK = "Binary Command Sensor"

    def apply(self, value: str, variables: Mapping[str, Any]) -> None:
        """Compare."""
        text = self.value_of(value, variables)
        self.is_on = {self.config["payload_off"]: False, self.config["payload_on"]: True}.get(text or "")


class CommandSwitch(CommandReading, Switch):
    """Turned on and off by commands. A third one says what it is; without it it is what it was last told to be."""

    FALLBACK = "Switch"

    def added(self) -> None:
        """Without a command that knows better, be what it last was."""
        if not self.is_asked:
            self.is_on = self.last_state is not None and self.last_state.state == "on"
            self.extra_attributes = {"assumed_state": True}

    async def ask(self) -> None:
        """Run the command; without a template its status says what it is."""
        command = self.config["command_state"]
        if "value_template" in self.config:
            self.take(await self.shell.says(command))
        else:
            self.take(str(await self.shell.status(command) == 0))

    def apply(self, value: str, variables: Mapping[str, Any]) -> None:
        """Be on where the text is ``true``."""
        text = self.value_of(value, variables)
        self.is_on = None if text is None else text.lower() == "true"

    def lose(self) -> None:
        """Be unknown: what cannot be asked can still be turned."""
        self.is_on = None
        self.write_unknown()

    async def turn_on(self) -> None:
        """Run ``command_on``."""
        await self._turn("command_on", True)

    async def turn_off(self) -> None:
        """Run ``command_off``."""
        await self._turn("command_off", False)

    async def _turn(self, key: str, wanted: bool) -> None:
        if await self.do(self.config[key]) and not self.is_asked:
            self.is_on = wanted
            self.write()
        await self.ask_anew()


class CommandCover(CommandReading, Cover):
    """Moved by commands. One more says where it stands, 0 (closed) to 100; without it nobody knows."""

    FALLBACK = "Cover"

    async def ask(self) -> None:
        """Run the command and take what it says."""
        self.take(await self.shell.says(self.config["command_state"]))

    def apply(self, value: str, variables: Mapping[str, Any]) -> None:
        """Take the position."""
        text = self.value_of(value, variables)
        try:
            self.current_position = int(float(text)) if text else None
        except (ValueError, OverflowError):
            self.complain("position", f"expected a number from 0 to 100, got {(text or '')[:60]!r}")
            self.current_position = None
        else:
            self.is_well("position")

    def lose(self) -> None:
        """Be unknown: what cannot be asked can still be moved."""
        self.current_position = None
        self.write_unknown()

    async def open_cover(self) -> None:
        """Run ``command_open``."""
        await self._move("command_open")

    async def close_cover(self) -> None:
        """Run ``command_close``."""
        await self._move("command_close")

    async def stop_cover(self) -> None:
        """Run ``command_stop``."""
        await self._move("command_stop")

    async def _move(self, key: str) -> None:
        await self.do(self.config[key])
        await self.ask_anew()


class CommandEntities:
    """Makes them.

    Args:
        home: where they live.
        scope: the plugin's.
        programs: what runs their commands.
    """

    CLASSES: ClassVar[Mapping[str, Callable[..., CommandReading]]] = {
        "sensor": CommandSensor,
        "binary_sensor": CommandBinarySensor,
        "switch": CommandSwitch,
        "cover": CommandCover,
    }

    def __init__(self, home: Home, scope: PluginScope, programs: Programs) -> None:
        self._home = home
        self._scope = scope
        self._programs = programs
        self._templates = Templates(home)

    def shell(self, config: Config) -> Shell:
        """Return what runs the commands of one entity."""
        return Shell(self._programs, self._templates, config["command_timeout"])

    def make(self, domain: str, config: Config) -> tuple[CommandReading, Poll | None]:
        """Return an entity, and what asks for it."""
        entity = self.CLASSES[domain](self.shell(config), self._home, self._templates, self._scope.log, config)
        if not entity.is_asked:
            return entity, None
        name = f"command_line {domain} {entity.name}"
        return entity, Poll(self._home, self._scope, name, config["scan_interval"], entity.ask, entity.lose)
