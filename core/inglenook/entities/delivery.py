"""Delivery: the way of a call from a domain's service to the entities it is aimed at.

A call that names one entity goes straight to it: nothing is built, nothing is validated again. What ``perform``
returns says whether there is something to wait for. A coroutine does nothing until it is awaited, so it always is; any
other awaitable (the ticket of a command to a device) is under way already, and is waited for only when the caller
wants to know how it ended.
"""

import asyncio
import logging
from collections.abc import Awaitable, Iterator, Mapping
from datetime import UTC, datetime
from types import CoroutineType
from typing import Any

from msgspec.structs import replace

from inglenook.entities.domain import EXCLUDE, Domain, DomainService
from inglenook.entities.groups import expand_groups
from inglenook.entity import Entity
from inglenook.errors import InvalidServiceData, ServiceError, ServiceValidationError
from inglenook.home import Home
from inglenook.model import NO_TARGET, Context, ServiceCall, Target
from inglenook.services import TARGET_KEYS, Repeat, Response, Stoppable

_log = logging.getLogger(__name__)


class Delivery:
    """Deliver the calls of one service; :meth:`handle` is its handler."""

    __slots__ = ("_domain", "_features", "_get", "_home", "_is_stamped", "_name", "_prepare", "_resolve")

    def __init__(self, home: Home, domain: Domain, service: DomainService) -> None:
        self._home = home
        self._domain = domain.name
        self._name = service.name
        self._features = service.features
        self._prepare = service.prepare
        self._is_stamped = service.is_stamped
        self._resolve = home.registry.resolve
        self._get = home.entities.get

    def handle(self, call: ServiceCall) -> Awaitable[Response] | Response:
        """Ask every entity that ``call`` is aimed at; return None, or what to await.

        Raises:
            InvalidServiceData: the call has no target.
            ServiceValidationError: an entity that was named lacks the feature, or the request makes no sense for it.
        """
        target = call.target
        ids = target.entity_id
        if len(ids) == 1 and target.is_direct and not call.return_response and EXCLUDE not in call.data:
            entity = self._get(ids[0])
            if entity is not None and entity.is_available and self._fits(entity):
                result = self._perform(entity, call)
                if result is None or not _has_to_wait(result, call.wants_ack):
                    return None
                return _wait_for_one(result)
        return self._deliver(call)

    def bind(self, call: ServiceCall) -> Repeat | None:
        """Return what asks again the one entity that ``call`` names, for a caller that does not wait for devices."""
        target = call.target
        if len(target.entity_id) != 1 or not target.is_direct or call.wants_ack or call.return_response:
            return None
        if EXCLUDE in call.data or self._is_stamped:
            return None
        get, name, data, prepare, features = self._get, self._name, call.data, self._prepare, self._features
        entity_id, domain = target.entity_id[0], self._domain

        def repeat(context: Context) -> Awaitable[Response] | Response:
            entity = get(entity_id)
            if (
                entity is None
                or not entity.is_available
                or entity.domain != domain
                or (features and not self._has_feature(entity))
            ):
                return self._deliver(replace(call, context=context))
            if prepare is None:
                result = entity.perform(name, data, context)
            else:
                prepared = prepare(entity, data)
                if prepared is None:
                    return None
                result = entity.perform(prepared[0], prepared[1], context)
            if type(result) is CoroutineType:
                return _wait_for_one(result)
            return result if isinstance(result, Stoppable) else None

        return repeat

    def _fits(self, entity: Entity) -> bool:
        return entity.domain == self._domain and (not self._features or self._has_feature(entity))

    def _has_feature(self, entity: Entity) -> bool:
        features = entity.supported_features
        return not features or any(features & needed == needed for needed in self._features)

    def _perform(self, entity: Entity, call: ServiceCall) -> Any:
        service, data = self._name, call.data
        if self._prepare is not None:
            prepared = self._prepare(entity, data)
            if prepared is None:
                return None
            service, data = prepared
        if self._is_stamped:
            entity.state = datetime.fromtimestamp(self._home.clock.now(), UTC).isoformat()
            entity.write(call.context)
        return entity.perform(service, data, call.context)

    # -- calls that reach any number ------------------------------------------------------------------------------

    def _deliver(self, call: ServiceCall) -> Awaitable[Response] | Response:
        entities = self._aimed_at(call)
        if call.return_response and not entities:
            raise ServiceError(f"{self._domain}.{self._name}: no entity is there to answer")
        if EXCLUDE in call.data:
            call = replace(call, data={key: value for key, value in call.data.items() if key != EXCLUDE})
        results: dict[str, Any] = {}
        failure: Exception | None = None
        for entity in entities:
            try:
                results[entity.entity_id] = self._perform(entity, call)
            except Exception as error:  # noqa: BLE001 - one plugin's entity must not keep the call from the others
                failure = failure or error
        if any(_has_to_wait(result, call.wants_ack) for result in results.values()):
            return _all_of(results, failure, call)
        if failure is not None:
            raise failure
        return results if call.return_response else None

    def _aimed_at(self, call: ServiceCall) -> list[Entity]:
        """Return the entities of this domain that the call reaches, without those that are unavailable."""
        target = call.target
        if target is NO_TARGET:
            raise InvalidServiceData(f"{self._domain}.{self._name}: needs a target, one of {', '.join(TARGET_KEYS)}")
        excluded = self._expand(call.data[EXCLUDE]) if EXCLUDE in call.data else ()
        if "all" in target.entity_id:
            everyone = self._home.entities.of_domain(self._domain)
            return [e for e in everyone if e.is_available and self._fits(e) and e.entity_id not in excluded]
        named = self._expand(Target(target.entity_id))
        reached = tuple(dict.fromkeys((*named, *self._expand(target))))
        self._log_missing(target, [entity_id for entity_id in named if not self._is_ours(entity_id)])
        return [
            entity
            for entity in self._usable(reached)
            if entity.entity_id not in excluded and self._fits_or_is_not_named(entity, named)
        ]

    def _expand(self, target: Target) -> tuple[str, ...]:
        """Return the entity ids of ``target``, with registry ids resolved, groups expanded and ``none`` left out."""
        registry = self._home.registry
        ids = (registry.entity_id(entity_id) for entity_id in self._resolve(target) if entity_id != "none")
        return expand_groups(self._home.states, (entity_id for entity_id in ids if entity_id))

    def _usable(self, entity_ids: tuple[str, ...]) -> Iterator[Entity]:
        for entity_id in entity_ids:
            entity = self._get(entity_id)
            if entity is not None and entity.domain == self._domain and entity.is_available:
                yield entity

    def _fits_or_is_not_named(self, entity: Entity, named: tuple[str, ...]) -> bool:
        if self._fits(entity):
            return True
        if entity.entity_id in named:
            raise ServiceValidationError(f"{entity.entity_id} does not support {self._domain}.{self._name}")
        return False

    def _is_ours(self, entity_id: str) -> bool:
        entity = self._get(entity_id)
        return entity is not None and entity.domain == self._domain

    def _log_missing(self, target: Target, entity_ids: list[str]) -> None:
        missing = [*entity_ids, *self._home.registry.unknown_references(target)]
        if missing:
            _log.warning(
                "%s.%s: there is no %s of domain %s", self._domain, self._name, ", ".join(missing), self._domain
            )


def _has_to_wait(result: Any, wants_ack: bool) -> bool:
    return isinstance(result, CoroutineType | Stoppable) or (wants_ack and isinstance(result, Awaitable))


async def _wait_for_one(result: Awaitable[Any]) -> None:
    await result


def _all_of(results: Mapping[str, Any], failure: BaseException | None, call: ServiceCall) -> Awaitable[Response]:
    """Return what waits for whatever has to be waited for, and stops what can be stopped."""
    answer = _wait_for_all(results, failure, call)
    stoppable = [result for result in results.values() if isinstance(result, Stoppable)]
    if not stoppable:
        return answer

    def stop() -> None:
        for result in stoppable:
            result.stop()

    return Stoppable(answer, stop)


async def _wait_for_all(results: Mapping[str, Any], failure: BaseException | None, call: ServiceCall) -> Response:
    """Wait for whatever has to be waited for, all at once; raise the first failure once all have ended."""
    waiting = {key: result for key, result in results.items() if _has_to_wait(result, call.wants_ack)}
    answers = await asyncio.gather(*waiting.values(), return_exceptions=True)
    for answer in answers:
        if failure is None and isinstance(answer, BaseException):
            failure = answer
    if failure is not None:
        raise failure
    return {**results, **dict(zip(waiting, answers, strict=True))} if call.return_response else None
