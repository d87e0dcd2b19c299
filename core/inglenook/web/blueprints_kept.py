"""What the client API needs of whoever keeps the blueprints."""

from collections.abc import Mapping
from typing import Any, Protocol


class BlueprintStore(Protocol):
    """The blueprints of a home, by domain and path; what is refused is any error of the house."""

    async def listed(self, domain: str) -> dict[str, dict[str, Any]]:
        """Return the ``metadata`` or the ``error`` of each, by path."""

    async def brought(self, url: str) -> dict[str, Any]:
        """Fetch one, and return what it is."""

    async def save(self, domain: str, name: str, text: str, source: str | None, *, may_replace: bool) -> bool:
        """Keep one; return whether it replaced another."""

    async def delete(self, domain: str, name: str) -> None:
        """Remove one that nothing is made of."""

    def substitute(self, domain: str, name: str, inputs: Mapping[str, Any]) -> Any:
        """Return what it makes of its inputs."""
