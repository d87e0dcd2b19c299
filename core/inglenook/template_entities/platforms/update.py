"""Template updates."""

from collections.abc import Awaitable, Mapping
from typing import Any, ClassVar, Final

import voluptuous as vol

from inglenook.config.device_classes import device_class
from inglenook.config.values import boolean
from inglenook.entities import Update
from inglenook.entities import UpdateFeature as Can
from inglenook.model import State
from inglenook.rules.shape import template
from inglenook.template_entities.fields import Field, FieldEntity, flag, number
from inglenook.template_entities.grammar import Platform
from inglenook.template_entities.results import Results

_TEXTS: Final = ("installed_version", "latest_version", "title", "release_summary", "release_url")


class TemplateUpdate(FieldEntity, Update):
    """The version of something, and whether there is a newer one."""

    FIELDS: ClassVar[Mapping[str, Field]] = {
        **{name: Field(name, str) for name in _TEXTS},
        "in_progress": Field("in_progress", flag),
        "update_percentage": Field("update_percentage", number(0, 100)),
    }
    TEMPLATES = tuple(FIELDS)
    STATE = "installed_version"
    AS_TEXT = FieldEntity.AS_TEXT | {*_TEXTS}
    ACTIONS: ClassVar[Mapping[str, int]] = {
        "install": Can.INSTALL,
        "in_progress": Can.PROGRESS,
        "update_percentage": Can.PROGRESS,
    }

    def describe(self) -> None:
        """Say what it can do, as it was given."""
        super().describe()
        for key, bit in (("specific_version", Can.SPECIFIC_VERSION), ("backup", Can.BACKUP)):
            self.supported_features |= bit if self.config.get(key) else 0

    def added(self) -> None:
        """Take up also which version a person skipped."""
        super().added()
        if self.last_state is not None:
            self.skipped_version = self.last_state.attributes.get("skipped_version")

    def apply(self, found: Results) -> None:
        """Take the versions and how far it is; one that tells how far it is, is being installed."""
        super().apply(found)
        if "in_progress" not in self.config:
            self.in_progress = self.update_percentage is not None
        self.in_progress = bool(self.in_progress)
        if self.latest_version not in (None, self.skipped_version):
            self.skipped_version = None

    def recall(self, last: State) -> None:
        """Be what it last was."""
        for name in (*_TEXTS, "update_percentage"):
            setattr(self, name, last.attributes.get(name))

    def install(self, version: str | None = None, backup: bool = False) -> Awaitable[Any] | None:
        """Run the actions under ``install`` with ``specific_version`` (None for the latest) and ``backup``."""
        return self.act("install", {"specific_version": version, "backup": backup})


UPDATE: Final = Platform(
    TemplateUpdate,
    {
        vol.Required("installed_version"): template, vol.Required("latest_version"): template, "in_progress": template,
        "update_percentage": template, "title": template, "release_summary": template, "release_url": template,
        vol.Optional("specific_version", default=False): boolean, vol.Optional("backup", default=False): boolean,
        "device_class": device_class("update"),
    },
    ("install",),
    spelled={"update_percent": "update_percentage"},
)  # fmt: skip
