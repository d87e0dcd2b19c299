"""What one plugin holds of the home, so that all of it can be given back."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping
from typing import Any

from inglenook.bus import Listener
from inglenook.entity import Entity
from inglenook.home import Home
from inglenook.model import NO_DATA, ServiceCall
from inglenook.plugins.supervisor import Supervisor
from inglenook.services import Handler, Schema, SupportsResponse


class PluginScope:
    """Handed to a plugin's ``setup``: what is taken through it is given back when the plugin ends.

    Attributes:
        name: the plugin's name in the configuration.
        log: a logger of that name.
        items: for the plugin of a section, what stands under other keys with ``platform: NAME``: lists of items by the
            key, as ``platform_schemas`` made them; read again before a reload.
        editable: for the plugin of a section with ``client_items``, the ids of those that clients may change.
        reload: what was given to ``on_reload``; None before.
    """

    def __init__(self, name: str, home: Home, supervisor: Supervisor, reread: Callable[[], Any]) -> None:
        self.name = name
        self.log = logging.getLogger(f"inglenook.plugin.{name}")
        self.items: Mapping[str, Any] = NO_DATA
        self.editable: Collection[str] = frozenset()
        self.reload: Callable[[Any], Awaitable[None] | None] | None = None
        self._home = home
        self._supervisor = supervisor
        self._reread = reread
        self._undo: list[Callable[[], Awaitable[object] | object]] = []

    def add_entity(self, entity: Entity, object_id: str | None = None) -> Entity:
        """Add ``entity`` to the home under this plugin's name; see :meth:`Entities.add`."""
        added = self._home.entities.add(entity, self.name, object_id)
        self._undo.append(lambda: self._home.entities.remove(added.entity_id))
        return added

    def listen(self, event_type: str, listener: Listener) -> None:
        """Call ``listener`` for each event of ``event_type`` while the plugin is set up."""
        self._undo.append(self._home.bus.listen(event_type, listener))

    def register_service(
        self,
        domain: str,
        service: str,
        handler: Handler,
        schema: Schema | None = None,
        *,
        supports_response: SupportsResponse = "none",
        fields: Mapping[str, Any] = NO_DATA,
        has_target: bool = True,
    ) -> None:
        """Offer a service while the plugin is set up; see :meth:`Services.register`."""
        self._home.services.register(
            domain, service, handler, schema, supports_response=supports_response, fields=fields, has_target=has_target
        )
        self._undo.append(lambda: self._home.services.remove(domain, service))

    def on_reload(self, reload: Callable[[Any], Awaitable[None] | None]) -> None:
        """Offer ``NAME.reload``, which calls ``reload`` with what the files say to the plugin now, checked.

        When that is wrong, whoever called the service is told with file, line and column, and ``reload`` is not called.
        """
        self.reload = reload

        def handle(_: ServiceCall) -> Awaitable[None] | None:
            return reload(self._reread())

        self.register_service(self.name, "reload", handle)

    def create_task(self, work: Callable[[], Coroutine[Any, Any, None]], name: str = "") -> asyncio.Task[None]:
        """Run ``work()`` under supervision: when it fails it is started again, later each time.

        After repeated failures the plugin is quarantined: torn down, shown as such, the home goes on. ``work`` that
        returns is done and not started again.
        """
        return self._supervisor.start(work, name or getattr(work, "__name__", "task"))

    def on_teardown(self, undo: Callable[[], Awaitable[object] | object]) -> None:
        """Call ``undo`` when the plugin ends; the last one given is called first."""
        self._undo.append(undo)

    async def close(self) -> None:
        """End the tasks, then give everything back."""
        await self._supervisor.stop()
        await self.release()

    async def release(self) -> None:
        """Give everything but the tasks back, in reverse. Failures are logged, the rest goes on."""
        while self._undo:
            undo = self._undo.pop()
            try:
                result = undo()
                if isinstance(result, Awaitable):
                    await result
            except Exception:
                self.log.exception("plugin %s: %r failed while it was taken down", self.name, undo)
