"""DomainEntity: what the classes for plugin authors share."""

from collections.abc import Mapping
from typing import Any, ClassVar

from inglenook.entity import Entity
from inglenook.model import NO_DATA, Context

StateValue = str | bool | int | float | None


class DomainEntity(Entity):
    """An entity of a known domain. Its author sets plain fields and calls :meth:`write`; the rest follows from them.

    ``SHOWN`` fields become attributes, ``DESCRIBED`` ones attributes that stay while it is unavailable; None is left
    out. A feature bit is set for each method of ``FEATURES`` that the author's class has, unless it sets
    ``supported_features`` itself.

    Attributes:
        extra_attributes: attributes beside those of the domain; replaced, never changed in place.
    """

    SHOWN: ClassVar[tuple[str, ...]] = ()
    DESCRIBED: ClassVar[tuple[str, ...]] = ()
    FEATURES: ClassVar[Mapping[str, int]] = {}

    extra_attributes: Mapping[str, Any] = NO_DATA

    def describe(self) -> None:
        """Fill ``capabilities`` and, if none are set, ``supported_features``."""
        self.capabilities = self._capability_attributes()
        if not self.supported_features:
            for method, feature in self.FEATURES.items():
                if hasattr(type(self), method):
                    self.supported_features |= feature

    def write(self, context: Context | None = None) -> None:
        """Publish the fields as state and attributes."""
        self.state = self.shown_state()
        self.attributes = {**self.shown_attributes(), **self.extra_attributes}
        super().write(context)

    def shown_state(self) -> StateValue:
        """Return the state that the fields make; for domains whose state is not simply ``state``."""
        return self.state

    def shown_attributes(self) -> dict[str, Any]:
        """Return the attributes that the fields make."""
        return self._given(self.SHOWN)

    def _capability_attributes(self) -> dict[str, Any]:
        """Return what the fields say of what it can do; several of something are a list, as everywhere."""
        given = self._given(self.DESCRIBED)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}

    def _given(self, names: tuple[str, ...]) -> dict[str, Any]:
        return {name: value for name in names if (value := getattr(self, name)) is not None}


class ToggleEntity(DomainEntity):
    """An entity that is on or off: ``is_on``, or None while nobody knows."""

    is_on: bool | None = None

    def shown_state(self) -> StateValue:
        """Return ``is_on``."""
        return self.is_on
