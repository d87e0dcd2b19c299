"""What of a Home Assistant folder runs here as it is, what waits for a plugin, and what does not run."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from inglenook.config.configuration import Configuration, configuration_file, read_configuration
from inglenook.config.sections import WITHOUT_EFFECT
from inglenook.config.storage import Storage, Stored, read_storage
from inglenook.errors import ConfigError, ConfigErrors
from inglenook.server.checking import CheckResult, check_rules

_OWN: Final = ("", "homeassistant")  # the integrations of entities that none is named for, and of scenes


class Adoption(Struct, frozen=True):
    """Each finding has its place; positions are relative to ``folder``.

    Attributes:
        runs: what runs as it is.
        waits: what runs once a plugin is there; says which.
        fails: what does not run, and why.
        areas: how many areas the folder names, as ``devices`` and ``entities`` are of those.
    """

    folder: Path
    runs: list[ConfigError]
    waits: list[ConfigError]
    fails: list[ConfigError]
    areas: int = 0
    devices: int = 0
    entities: int = 0


async def adopt(path: Path) -> Adoption:
    """Look through the folder at ``path``; nothing is written there, nothing is set up.

    A coroutine only because a home belongs to an event loop; it never waits.
    """
    try:
        configuration = read_configuration(path)
    except ConfigErrors as errors:
        return Adoption(configuration_file(path).parent, [], [], list(errors.errors))
    result = await check_rules(configuration)
    storage = read_storage(configuration.folder)
    known = {*result.handled, *configuration.sections.trees, *_OWN}
    waits = [*result.waiting, *_integrations(storage, known)]
    return Adoption(
        configuration.folder,
        [*_rules(result), *_sections(configuration, result)],
        waits,
        [*result.errors, *storage.warnings, *map(_kept_elsewhere, storage.helpers)],
        len(storage.areas),
        len(storage.devices),
        len(storage.entities),
    )


def _rules(result: CheckResult) -> Iterator[ConfigError]:
    for rule in result.rules:
        if rule.state != "unavailable" and rule.entity_id not in result.rules_that_wait:
            yield ConfigError(f"automation {rule.name}", rule.position)


def _sections(configuration: Configuration, result: CheckResult) -> Iterator[ConfigError]:
    """Yield what the configuration declares beside automations and is understood here."""
    sections = configuration.sections
    for domain, trees in sections.trees.items():
        if domain in result.handled and domain != "automation":
            count = sum(len(tree) for tree in trees if isinstance(tree, dict | list))
            yield ConfigError(f"{domain}: {count}" if count else domain, sections.positions[domain])
        elif domain in WITHOUT_EFFECT:
            yield ConfigError(f"{domain}: needs no answer here", sections.positions[domain])


def _integrations(storage: Storage, known: set[str]) -> Iterator[ConfigError]:
    """Yield one finding for each integration whose entities are registered, and that nothing here is."""
    counts = Counter(entity.kind for entity in storage.entities if entity.kind not in known)
    first = {entity.kind: entity for entity in reversed(storage.entities)}
    for integration, count in sorted(counts.items()):
        entity = first[integration]
        some = f"{entity.id} and {count - 1} more" if count > 1 else entity.id
        where = f" in {entity.area}" if entity.area else ""
        yield ConfigError(f"{some}{where}: waits for a plugin or device of {integration}", entity.position)


def _kept_elsewhere(helper: Stored) -> ConfigError:
    name = f" ({helper.name})" if helper.name else ""
    message = f"{helper.id}{name} was made in the interface of Home Assistant; declare it under {helper.kind}: in YAML"
    return ConfigError(message, helper.position)
