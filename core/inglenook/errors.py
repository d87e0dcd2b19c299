"""What can go wrong, as one tree.

```
InglenookError
├── ConfigError            something a person wrote; says file:line:column
│   └── ConfigErrors       all that is wrong at once
├── PluginError            a plugin is broken, missing or quarantined
├── StoreError             the database cannot be opened, read or written
├── ServiceError           a call failed
│   ├── ServiceNotFound    nobody offers the service
│   ├── InvalidServiceData the data does not fit the service's schema
│   └── ServiceValidationError  the handler refused the request as wrong
├── DeviceUnavailable      the device is away, or its outbox is full
├── CommandFailed          the device answered that it could not
│   └── CommandExpired     its time to live ended before the device answered
├── ProtocolError          a device's frame is not what the protocol allows
├── Unauthorized           a wrong token, code or user
│   └── NotLocal           a user of the home's own network who is elsewhere
├── TooManyAttempts        too many log-ins in too short a time
├── TemplateError          a template does not compile or render
├── ConditionError         a condition can be answered neither by yes nor by no
├── UnknownEntry           a registry has no entry of that id
└── InvalidEntry           a registry cannot keep what it was asked to
```
"""

from collections.abc import Sequence
from typing import NamedTuple


class InglenookError(Exception):
    """Anything the engine raises on purpose."""


class Position(NamedTuple):
    """Where in a file: ``path`` as shown to a person, ``line`` and ``column`` from 1 (0: unknown)."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{self.column}" if self.column else f"{self.path}:{self.line}"


class ConfigError(InglenookError):
    """Something a person wrote is wrong: ``rules/hall.yaml:12:9: triggers[0].to: expected a string, got true``.

    Attributes:
        message: what came, what was expected.
        position: file, line, column; None when it has no place in a file.
        where: the path inside the rule or setting, like ``triggers[0].to``; may be empty.
    """

    def __init__(self, message: str, position: Position | None = None, where: str = "") -> None:
        self.message = message
        self.position = position
        self.where = where
        super().__init__(": ".join(part for part in (str(position or ""), where, message) if part))


class ConfigErrors(ConfigError):
    """Several errors found in one reading, in the order of the files; never empty."""

    def __init__(self, errors: Sequence[ConfigError]) -> None:
        self.errors = tuple(errors)
        first = self.errors[0]
        super().__init__(first.message, first.position, first.where)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


class PluginError(InglenookError):
    """A plugin cannot be used. The message starts with ``plugin NAME:``."""

    def __init__(self, plugin: str, message: str) -> None:
        self.plugin = plugin
        self.message = message
        super().__init__(f"plugin {plugin}: {message}")


class StoreError(InglenookError):
    """The database cannot be opened, read or written; says which file and what helps."""


class ServiceError(InglenookError):
    """A service call failed for a reason its caller can be told."""


class ServiceNotFound(ServiceError):
    """Nobody offers the service; ``hint`` says who would."""

    def __init__(self, domain: str, service: str, hint: str = "") -> None:
        self.domain = domain
        self.service = service
        super().__init__(f"service {domain}.{service} not found{hint and ': '}{hint}")


class InvalidServiceData(ServiceError):
    """The data of a call does not fit the service's schema."""


class ServiceValidationError(ServiceError):
    """A handler refused the request: right in form, wrong in content."""


class DeviceUnavailable(InglenookError):
    """The device is away and the command cannot wait, or its outbox is full."""


class CommandFailed(InglenookError):
    """The device answered that it could not carry out a command."""


class CommandExpired(CommandFailed):
    """The command's time to live ended before the device answered."""


class ProtocolError(InglenookError):
    """A frame that the device protocol does not allow.

    Attributes:
        code: a short word for the device, as in an ``error`` frame.
        field: the field at fault, like ``states.lamp``; empty when it is the frame.
    """

    def __init__(self, code: str, message: str, field: str = "") -> None:
        self.code = code
        self.message = message
        self.field = field
        super().__init__(f"{field}: {message}" if field else message)


class Unauthorized(InglenookError):
    """A token, code or user that may not do this."""


class NotLocal(Unauthorized):
    """A user who may come in from the home's own network only, and is elsewhere."""


class TooManyAttempts(InglenookError):
    """Too many log-ins in too short a time.

    Attributes:
        retry_after_s: seconds to wait.
    """

    def __init__(self, retry_after_s: float) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(f"too many log-ins; try again in {retry_after_s:.0f} s")


class TemplateError(InglenookError):
    """A template does not compile or does not render.

    Attributes:
        problem: what is wrong, without the template's text; empty where the message is no more than that.
        line: of the template's text, from 1, where it is wrong; None where that is not known.
    """

    def __init__(self, message: str, problem: str = "", line: int | None = None) -> None:
        super().__init__(message)
        self.problem = problem
        self.line = line


class ConditionError(InglenookError):
    """A condition has no answer: its entity is unknown, its template fails, its value is no number.

    ``position``: where the condition stands, once that is known.
    """

    position: Position | None = None


class UnknownEntry(InglenookError):
    """A registry holds no entry of that id."""


class InvalidEntry(InglenookError):
    """An entry of a registry cannot be what was asked: its name is taken, it has no such field."""
