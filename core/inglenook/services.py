"""The service registry: callables by ``domain.service``, each with its schema.

A handler is called directly and either returns its answer at once or something to await; so a rule that calls a
service stays inside one turn of the loop as long as nothing has to wait.
"""

import re
from collections.abc import Awaitable, Callable, Generator, Mapping
from typing import Any, Final, Literal

import voluptuous as vol
from msgspec import Struct

from inglenook.bus import EventBus
from inglenook.clock import Clock
from inglenook.errors import InvalidServiceData, ServiceNotFound, ServiceValidationError
from inglenook.model import EVENT_CALL_SERVICE, NO_DATA, NO_TARGET, Context, ServiceCall, Target, new_context

Response = Mapping[str, Any] | None
Handler = Callable[[ServiceCall], Awaitable[Response] | Response]
Repeat = Callable[[Context], Awaitable[Response] | Response]
Bind = Callable[[ServiceCall], Repeat | None]
Schema = Callable[[Any], Any]
SupportsResponse = Literal["none", "optional", "only"]

_ENTITY: Final = re.compile(r"[\da-z_]+\.[\da-z_]+|[\da-f]{32}|all|none", re.ASCII)  # hex digits: an id of the registry
TARGET_KEYS: Final = ("entity_id", "device_id", "area_id", "floor_id", "label_id")


class Stoppable:
    """An awaitable that a handler may answer and its caller can stop at once: cancelled it would end a turn later.

    A rule that starts anew stops what it waited for so, for it may ask for the same again in that very turn.

    Args:
        answer: what is awaited.
        stop: ends it; may be called more than once, also when it has ended.
    """

    __slots__ = ("_answer", "stop")

    def __init__(self, answer: Awaitable[Any], stop: Callable[[], object]) -> None:
        self._answer = answer
        self.stop = stop

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._answer.__await__()


class Service(Struct, frozen=True):
    """One callable.

    ``fields`` describes its data for people and clients: name to {required, selector, …}. Without ``has_target`` the
    ids of a target are data like any other, in the form in which they were given. ``bind`` may return, for a call that
    a rule will make again and again, what carries it out in the context of each time, or None if it knows no short way.
    """

    domain: str
    name: str
    handler: Handler
    schema: Schema | None = None
    supports_response: SupportsResponse = "none"
    fields: Mapping[str, Any] = NO_DATA
    has_target: bool = True
    bind: Bind | None = None


class Services:
    """Every service of the home by domain and name, in lower case.

    Attributes:
        provider_of: says in a sentence who would offer a service, by domain and name, that nobody offers; or nothing.
        on_start: told of each call that :meth:`start` is about to make; rules make theirs by :meth:`invoke`.
    """

    def __init__(self, bus: EventBus, clock: Clock) -> None:
        self._bus = bus
        self.provider_of: Callable[[str, str], str] = lambda _domain, _name: ""
        self.on_start: Callable[[ServiceCall], object] | None = None
        self._clock = clock
        self._services: dict[tuple[str, str], Service] = {}
        self.version = 0  # rises with every change, so that a caller may keep what it looked up

    def register(
        self,
        domain: str,
        name: str,
        handler: Handler,
        schema: Schema | vol.Schema | None = None,
        *,
        supports_response: SupportsResponse = "none",
        fields: Mapping[str, Any] = NO_DATA,
        has_target: bool = True,
        bind: Bind | None = None,
    ) -> None:
        """Offer ``domain.name``; an earlier offer of the same name is replaced. Fires ``service_registered``.

        Args:
            domain: lower-case word before the dot.
            name: lower-case word after the dot.
            handler: called with the :class:`ServiceCall`; returns its response, None, or an awaitable of them.
            schema: turns the call's data (without the target) into what the handler gets, or raises ``vol.Invalid``.
            supports_response: whether it may, must not, or must be asked for an answer.
            fields: what clients show.
            has_target: whether ``entity_id`` and its like are split off the data.
            bind: a shorter way for calls that stay the same; it does what the handler does.
        """
        self._services[domain, name] = Service(
            domain, name, handler, schema, supports_response, fields, has_target, bind
        )
        self.version += 1
        self._bus.fire("service_registered", {"domain": domain, "service": name})

    def remove(self, domain: str, name: str) -> None:
        """Withdraw ``domain.name``; nothing happens if it is not offered. Fires ``service_removed``."""
        if self._services.pop((domain, name), None) is not None:
            self.version += 1
            self._bus.fire("service_removed", {"domain": domain, "service": name})

    def has(self, domain: str, name: str) -> bool:
        """True when somebody offers ``domain.name``."""
        return (domain, name) in self._services

    def get(self, domain: str, name: str) -> Service:
        """Return the service.

        Raises:
            ServiceNotFound: nobody offers it.
        """
        service = self._services.get((domain, name))
        if service is None:
            raise ServiceNotFound(domain, name, self.provider_of(domain, name))
        return service

    def all(self) -> list[Service]:
        """Return every service, sorted by name."""
        return [self._services[key] for key in sorted(self._services)]

    def validate(self, service: Service, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return ``data`` as the service's schema makes it.

        Raises:
            InvalidServiceData: it does not fit; says which field, what came, what was expected.
        """
        if service.schema is None:
            return data
        try:
            result: Mapping[str, Any] = service.schema(data)
        except vol.Invalid as error:
            where = ".".join(str(part) for part in error.path)
            name = f"{service.domain}.{service.name}"
            raise InvalidServiceData(f"{name}: {where + ': ' if where else ''}{error.msg}") from error
        return result

    def invoke(self, service: Service, call: ServiceCall) -> Awaitable[Response] | Response:
        """Announce ``call`` (``call_service``) and run the handler: the door for callers that have validated."""
        if self._bus.has_listeners(EVENT_CALL_SERVICE):
            data = {**(call.data if call.given is None else call.given), **target_as_data(call.target)}
            self._bus.fire(
                EVENT_CALL_SERVICE,
                {"domain": call.domain, "service": call.service, "service_data": data},
                call.context,
            )
        return service.handler(call)

    def start(
        self,
        domain: str,
        name: str,
        data: Mapping[str, Any] = NO_DATA,
        *,
        target: Target | None = None,
        context: Context | None = None,
        return_response: bool = False,
        wants_ack: bool = False,
    ) -> Awaitable[Response] | Response:
        """Validate and run a call; return the response, or an awaitable of it if the handler has to wait.

        ``data`` may hold the target's keys (``entity_id`` …) when ``target`` is None. ``wants_ack``: the awaitable ends
        when the devices have acknowledged, and raises what they answered.

        Raises:
            ServiceNotFound: nobody offers it.
            InvalidServiceData: the data does not fit.
            ServiceValidationError: a response was asked of a service that gives none, or not of one that only answers.
        """
        service = self.get(domain, name)
        if return_response and service.supports_response == "none":
            raise ServiceValidationError(f"{domain}.{name} gives no response; do not ask for one")
        if not return_response and service.supports_response == "only":
            raise ServiceValidationError(f"{domain}.{name} does nothing but respond; ask for its response")
        target, data = divide(service, data, target)
        context = context or new_context(self._clock.now())
        valid = self.validate(service, data)
        call = ServiceCall(domain, name, valid, target, context, return_response, wants_ack, data)
        if self.on_start is not None:
            self.on_start(call)
        return self.invoke(service, call)

    async def call(
        self,
        domain: str,
        name: str,
        data: Mapping[str, Any] = NO_DATA,
        *,
        target: Target | None = None,
        context: Context | None = None,
        return_response: bool = False,
        wants_ack: bool = False,
    ) -> Response:
        """Run a call to its end and return its response, or None. Arguments and errors as in :meth:`start`."""
        result = self.start(
            domain, name, data, target=target, context=context, return_response=return_response, wants_ack=wants_ack
        )
        if isinstance(result, Awaitable):
            return await result
        return result


def divide(service: Service, data: Mapping[str, Any], target: Target | None = None) -> tuple[Target, Mapping[str, Any]]:
    """Return target and data of a call of ``service``; ``data`` may hold the target's keys when ``target`` is None.

    Raises:
        InvalidServiceData: a target key holds something else.
    """
    if not service.has_target:
        return NO_TARGET, {**data, **target_as_data(target)} if target else data
    return (target, data) if target is not None else split_target(data)


def split_target(data: Mapping[str, Any]) -> tuple[Target, Mapping[str, Any]]:
    """Take the target's keys out of ``data``; each may be one id, a comma-separated text, or a list.

    What a list holds need be no entity's id: it is told as missing, and the others are reached.

    Raises:
        InvalidServiceData: a target key holds something else.
    """
    if not any(key in data for key in TARGET_KEYS):
        return NO_TARGET, data
    rest = {key: value for key, value in data.items() if key not in TARGET_KEYS}
    return Target(**{key: _ids(key, data[key]) for key in TARGET_KEYS if key in data}), rest


def target_as_data(target: Target) -> dict[str, list[str]]:
    """Return the target as the keys of a call's data, without the empty ones."""
    return {key: list(ids) for key in TARGET_KEYS if (ids := getattr(target, key))}


def _ids(key: str, value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        parts = [part.strip() for part in value.split(",")]
    elif isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        parts = list(value)
    else:
        raise InvalidServiceData(f"{key}: expected an id or a list of ids, got {value!r}")
    if key == "entity_id":
        parts = [part.lower() for part in parts]
        if isinstance(value, str) and not all(map(_ENTITY.fullmatch, parts)):
            raise InvalidServiceData(f"entity_id: expected ids like light.hall, all or none; got {value!r}")
    return tuple(dict.fromkeys(part for part in parts if part))
