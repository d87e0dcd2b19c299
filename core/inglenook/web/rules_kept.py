"""What the client API needs of whoever keeps the rules that people wrote."""

from collections.abc import Mapping
from typing import Any, Protocol


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
