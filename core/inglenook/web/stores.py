"""What the client API needs of those who keep what people and clients make: rules, blueprints, helpers, settings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from inglenook.config.home_settings import HomeSettings
from inglenook.config.storage import StoredHelper


class RuleStore(Protocol):
    """The automations, scripts and scenes of a home, by their domain and id; of a script by its name."""

    def config(self, domain: str, key: str) -> Mapping[str, Any] | None:
        """Return what a person wrote; None if there is no such rule."""

    async def save(self, domain: str, key: str, config: Mapping[str, Any]) -> None:
        """Let the rule be ``config``; it runs when this returns.

        Raises:
            ConfigErrors: it is no such rule.
            ConfigError: it cannot be written where it stands.
        """

    async def remove(self, domain: str, key: str) -> None:
        """Take the rule away.

        Raises:
            UnknownEntry: there is none.
            ConfigError: it cannot be taken out where it stands.
        """


class BlueprintStore(Protocol):
    """The blueprints of a home, by domain, like ``automation``, and by path, like ``author/name.yaml``."""

    async def listed(self, domain: str) -> dict[str, dict[str, Any]]:
        """Return the ``metadata`` or the ``error`` of each, by path."""

    async def imported(self, url: str) -> dict[str, Any]:
        """Fetch one and return ``suggested_filename``, ``raw_data``, ``blueprint`` and whether it ``exists`` here.

        Raises:
            ConfigError: it cannot be fetched, or is none.
        """

    async def save(self, domain: str, name: str, text: str, source: str | None, *, may_replace: bool) -> bool:
        """Keep one; return whether it replaced another.

        Args:
            domain: of what is made of it.
            name: its path.
            text: YAML.
            source: the address it comes from; None if nobody knows.
            may_replace: whether another may stand there.

        Raises:
            ConfigError: it is no blueprint of that domain, or cannot be written.
            InvalidEntry: another stands there.
        """

    async def delete(self, domain: str, name: str) -> None:
        """Remove one.

        Raises:
            UnknownEntry: there is none.
            InvalidEntry: something is made of it.
            ConfigError: it cannot be removed.
        """

    def substitute(self, domain: str, name: str, inputs: Mapping[str, Any]) -> Any:
        """Return what it makes of its inputs.

        Raises:
            ConfigErrors: it is not there or not in order, or lacks an input.
        """


class ItemStore(Protocol):
    """Items by the key of their section and their id; what a person wrote in files is not among them."""

    def kinds(self) -> Iterable[str]:
        """Return the keys of the sections that are open to clients."""

    def list(self, kind: str) -> list[dict[str, Any]]:
        """Return the items of a section, each with its ``id``."""

    async def create(self, kind: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Make an item and return it with its id; it is there when this returns.

        Raises:
            ConfigError: the settings are not in order.
            UnknownEntry: there is no such section.
        """

    async def update(self, kind: str, item_id: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Change an item and return it.

        Raises:
            ConfigError: the settings are not in order.
            UnknownEntry: there is no such item that clients may change.
        """

    async def delete(self, kind: str, item_id: str) -> None:
        """Take an item away.

        Raises:
            UnknownEntry: there is no such item that clients may change.
        """


@dataclass(frozen=True, slots=True)
class Stores:
    """Who keeps it; None where this home has no such thing.

    Attributes:
        settings: keeps what clients say of the home.
        items: keeps the helpers, and whatever else clients make of sections; None in a home without plugins.
        rules: keeps what people wrote; None in a home without files.
        blueprints: keeps what rules are made of; likewise.
        helpers: those that were made in Home Assistant's interface.
    """

    settings: HomeSettings
    items: ItemStore | None = None
    rules: RuleStore | None = None
    blueprints: BlueprintStore | None = None
    helpers: Sequence[StoredHelper] = ()

    def made(self, kind: str) -> Iterator[dict[str, Any]]:
        """Yield the items of a section that clients may change, each with its ``id`` among its settings."""
        if self.items is not None:
            yield from self.items.list(kind)
            return
        for helper in self.helpers:
            if helper.kind != kind or helper.entry_id:
                continue
            if isinstance(helper.tree, Mapping):
                for object_id, settings in helper.tree.items():
                    yield {"id": object_id, **settings}
            else:
                yield from ({**settings} for settings in helper.tree)
