"""The step that calls a service: ``action: light.turn_on``."""

from collections.abc import Awaitable, Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import entity_id_or_hex, is_template, shown, string, text
from inglenook.config.values import service_name as a_service_name
from inglenook.errors import InvalidServiceData, ServiceError, TemplateError
from inglenook.home import Home
from inglenook.model import EVENT_CALL_SERVICE, NO_DATA, NO_TARGET, Context, ServiceCall, Target
from inglenook.rules.kinds import Action, ActionKind, Compiler, Config
from inglenook.rules.run import Run
from inglenook.rules.shape import Shape, mapping
from inglenook.services import TARGET_KEYS, Repeat, Response, Service, Stoppable, divide
from inglenook.templates import Renderer


def _data(value: Any) -> Any:
    return value if is_template(value) else mapping(value)


def _entity(value: Any) -> str:
    name = string(value)
    return name if name.strip().lower() in {"all", "none"} or is_template(name) else entity_id_or_hex(name)


def _named(value: Any) -> str:
    if is_template(value):
        raise vol.Invalid(f"expected entity ids, got {shown(value)}; write a template under target")
    return _entity(value)


def _ids(value: Any, item: Any = string) -> Any:
    if isinstance(value, list):
        return [item(part) for part in value]
    if isinstance(value, str) and not is_template(value):
        return [item(part.strip()) for part in value.split(",") if part.strip()]
    return value if value is None else item(value)


def _entities(value: Any) -> Any:
    return _ids(value, _entity)


def _named_entities(value: Any) -> Any:
    """Return entity ids beside ``target``, where no template may stand."""
    return _ids(value, _named)


_TARGET: Final = Shape({key: _entities if key == "entity_id" else _ids for key in TARGET_KEYS} | {"exclude": mapping})


def _target(value: Any) -> Any:
    return value if is_template(value) else _TARGET(value)


SHAPE: Final = Shape(
    {
        vol.Required("action"): a_service_name,
        "data": _data,
        "data_template": _data,
        "target": _target,
        "entity_id": _named_entities,
        "response_variable": text,
        "metadata": mapping,
    },
    spelled={"service": "action", "service_template": "action"},
)


NO_CONTEXT: Final = Context("")  # of a call that is bound: each time it gets its own
_MAPPINGS: Final = ("data", "data_template", "target")
_RENDERED: Final = ("action", *_MAPPINGS, "entity_id")


def compile_call(config: Config, compiler: Compiler, path: str) -> Action:
    """Return the step; what is constant in the call is validated once and kept until the services change."""
    variable = config.get("response_variable")
    render = compiler.renderer({key: config[key] for key in _RENDERED if key in config})
    if render.is_static:
        parts = render()
        return _ConstantCall(compiler.home, parts["action"], _merged(parts), variable)
    return _RenderedCall(compiler.home, render, variable)


class _Prepared:
    """A call that only lacks its context."""

    __slots__ = ("data", "given", "service", "target")

    def __init__(self, home: Home, name: str, data: Mapping[str, Any], *, wants_response: bool) -> None:
        domain, _, service = name.partition(".")
        self.service: Service = home.services.get(domain, service)
        _check_response(self.service, wants_response=wants_response)
        target, self.given = divide(self.service, data)
        self.target = _with_known_ids(home, target)
        self.data = home.services.validate(self.service, self.given)

    def bind(self) -> Repeat | None:
        """Return what carries it out again and again, if its service knows a short way."""
        service = self.service
        if service.bind is None:
            return None
        call = ServiceCall(service.domain, service.name, self.data, self.target, NO_CONTEXT, given=self.given)
        return service.bind(call)

    def start(self, home: Home, run: Run, variable: str | None) -> Awaitable[None] | None:
        service = self.service
        call = ServiceCall(
            service.domain, service.name, self.data, self.target, run.context, variable is not None, given=self.given
        )
        return self.finish(run, home.services.invoke(service, call), variable)

    def finish(self, run: Run, result: Awaitable[Response] | Response, variable: str | None) -> Awaitable[None] | None:
        """Take what the service answered, at once or when that is known."""
        if result is not None and isinstance(result, Awaitable):
            if isinstance(result, Stoppable):
                run.awaits = result
            return _answered(run, result, variable)
        if variable is not None:
            run.assign(variable, result or {})
        return None


class _ConstantCall:
    """A call without templates."""

    __slots__ = (
        "_bus", "_data", "_home", "_name", "_prepared", "_registry", "_repeat", "_services", "_variable", "_versions",
    )  # fmt: skip

    def __init__(self, home: Home, name: str, data: Mapping[str, Any], variable: str | None) -> None:
        self._home = home
        self._name = name
        self._data = data
        self._variable = variable
        self._bus = home.bus
        self._services = home.services
        self._registry = home.registry
        self._versions = -1
        self._prepared: _Prepared
        self._repeat: Repeat | None = None

    def __call__(self, run: Run) -> Awaitable[None] | None:
        versions = self._services.version + self._registry.version  # both only ever rise
        if versions != self._versions:
            self._prepare()
            self._versions = versions
        if self._repeat is not None and EVENT_CALL_SERVICE not in self._bus.heard:
            result = self._repeat(run.context)
            return None if result is None else self._prepared.finish(run, result, None)
        return self._prepared.start(self._home, run, self._variable)

    def _prepare(self) -> None:
        wants_response = self._variable is not None
        self._repeat, self._versions = None, -1
        self._prepared = _Prepared(self._home, self._name, self._data, wants_response=wants_response)
        if not wants_response:
            self._repeat = self._prepared.bind()


class _RenderedCall:
    """A call with templates, rendered each time."""

    __slots__ = ("_home", "_render", "_variable")

    def __init__(self, home: Home, render: Renderer, variable: str | None) -> None:
        self._home = home
        self._render = render
        self._variable = variable

    def __call__(self, run: Run) -> Awaitable[None] | None:
        try:
            parts = self._render(run.variables)
            data = _merged(parts)
        except TemplateError as error:  # a call that fails, which continue_on_error forgives
            raise ServiceError(str(error)) from error
        name = str(parts["action"]).lower()
        if name.count(".") != 1:
            raise ServiceError(f"expected a service like light.turn_on, got {shown(name)}")
        prepared = _Prepared(self._home, name, data, wants_response=self._variable is not None)
        return prepared.start(self._home, run, self._variable)


async def _answered(run: Run, result: Awaitable[Response], variable: str | None) -> None:
    try:
        response = await result
    finally:
        run.awaits = None
    if variable is not None:
        run.assign(variable, response or {})


def _merged(parts: Mapping[str, Any]) -> dict[str, Any]:
    """Put the rendered parts of a call together, the later over the earlier."""
    merged: dict[str, Any] = {}
    for name in _MAPPINGS:
        part = parts.get(name, NO_DATA)
        if not isinstance(part, Mapping):
            raise TemplateError(f"{name}: expected a mapping, the template gave {shown(part)}")
        merged.update(part)
    if "entity_id" in parts:
        merged["entity_id"] = parts["entity_id"]
    return merged


def _check_response(service: Service, *, wants_response: bool) -> None:
    name = f"{service.domain}.{service.name}"
    if wants_response and service.supports_response == "none":
        raise InvalidServiceData(f"{name} gives no response: leave response_variable out")
    if not wants_response and service.supports_response == "only":
        raise InvalidServiceData(f"{name} does nothing but respond: give it a response_variable")


def _with_known_ids(home: Home, target: Target) -> Target:
    """Return ``target`` with registry ids replaced by entity ids."""
    if target is NO_TARGET or all("." in one or one in {"all", "none"} for one in target.entity_id):
        return target
    ids = tuple(home.registry.entity_id(one) or one for one in target.entity_id)
    return Target(ids, target.device_id, target.area_id, target.floor_id, target.label_id)


KIND: Final = ActionKind(lambda _: SHAPE, compile_call)
