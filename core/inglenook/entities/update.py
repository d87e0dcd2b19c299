"""Updates: newer firmware or software for something."""

from collections.abc import Mapping
from enum import IntFlag
from typing import Any, ClassVar, Final

from inglenook.entities.domain import Domain, DomainService, Prepared, known
from inglenook.entities.domain_entity import DomainEntity, StateValue
from inglenook.entities.fields import flag, word
from inglenook.entities.toggle import is_on
from inglenook.entity import Entity
from inglenook.errors import ServiceError, ServiceValidationError


class UpdateFeature(IntFlag):
    """What can be asked of an update; bits as everywhere in the field."""

    INSTALL = 1
    SPECIFIC_VERSION = 2
    PROGRESS = 4
    BACKUP = 8
    RELEASE_NOTES = 16


class Update(DomainEntity):
    """The version of something. An author writes ``install(version=None, backup=False)`` if it can be installed.

    Attributes:
        installed_version: what runs.
        latest_version: what there is.
        skipped_version: the version that a person does not want to hear of.
        in_progress: whether it is being installed.
        update_percentage: how far that is, 0 to 100.
        auto_update: whether it installs itself.
    """

    domain = "update"
    SHOWN = (
        "auto_update", "installed_version", "in_progress", "latest_version", "release_summary", "release_url",
        "skipped_version", "title", "update_percentage",
    )  # fmt: skip
    FEATURES: ClassVar[Mapping[str, int]] = {"install": UpdateFeature.INSTALL}

    auto_update: bool = False
    installed_version: str | None = None
    in_progress: bool = False
    latest_version: str | None = None
    release_summary: str | None = None
    release_url: str | None = None
    skipped_version: str | None = None
    title: str | None = None
    update_percentage: float | None = None

    def shown_state(self) -> StateValue:
        """Return whether there is a newer version that was not skipped; None while either version is unknown."""
        if self.installed_version is None or self.latest_version is None:
            return None
        if self.latest_version == self.skipped_version:
            return False
        return is_newer(self.latest_version, self.installed_version)

    def skip(self) -> None:
        """Say no more of the latest version.

        Raises:
            ServiceError: there is no newer version, or it installs itself.
        """
        if self.auto_update:
            raise ServiceError(f"{self.entity_id} installs updates itself; none can be skipped")
        if self.latest_version is None or not is_newer(self.latest_version, self.installed_version or ""):
            raise ServiceError(f"{self.entity_id}: there is no update to skip")
        self.skipped_version = self.latest_version
        self.write()

    def clear_skipped(self) -> None:
        """Say again what was skipped."""
        if self.auto_update:
            raise ServiceError(f"{self.entity_id} installs updates itself; none was skipped")
        self.skipped_version = None
        self.write()


def is_newer(version: str, than: str) -> bool:
    """True when ``version`` comes after ``than``: number by number if both are numbers and dots, else if they differ.

    Whoever names versions in another way is not second-guessed.
    """
    first, second = _numbers(version), _numbers(than)
    if first is None or second is None:
        return version != than
    return first > second


def _numbers(version: str) -> list[int] | None:
    parts = version.removeprefix("v").split(".")
    if not all(part.isdecimal() for part in parts):
        return None
    numbers = [int(part) for part in parts]
    while numbers and not numbers[-1]:
        numbers.pop()
    return numbers


def _install(entity: Entity, data: Mapping[str, Any]) -> Prepared:
    features = entity.supported_features
    if "version" not in data and not is_on(entity) and not _was_skipped(entity):
        raise ServiceError(f"{entity.entity_id}: there is no update to install")
    if "version" in data and features and not features & UpdateFeature.SPECIFIC_VERSION:
        raise ServiceValidationError(f"{entity.entity_id} cannot install a version of your choice")
    if data["backup"] and features and not features & UpdateFeature.BACKUP:
        raise ServiceValidationError(f"{entity.entity_id} cannot make a backup first")
    if known(entity, "in_progress"):
        raise ServiceError(f"{entity.entity_id} is being installed already")
    return "install", data


def _was_skipped(entity: Entity) -> bool:
    skipped = known(entity, "skipped_version")
    return skipped is not None and skipped == known(entity, "latest_version")


UPDATE: Final = Domain(
    "update",
    Update,
    (
        DomainService(
            "install",
            "Install it.",
            (
                word("version", "Another version than the latest."),
                flag("backup", "Whether to make a backup first.", default=False),
            ),
            features=(UpdateFeature.INSTALL,),
            prepare=_install,
        ),
        DomainService("skip", "Say no more of the latest version."),
        DomainService("clear_skipped", "Say again what was skipped."),
    ),
)
