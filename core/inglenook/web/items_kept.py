"""What the client API needs of whoever keeps the items of sections that clients make: helpers, zones, persons."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol


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
