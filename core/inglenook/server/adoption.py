"""What of a Home Assistant folder runs here as it is, what waits for a plugin, and what does not run."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from inglenook.config.configuration import Configuration, configuration_file, read_configuration
from inglenook.config.sections import WITHOUT_EFFECT
from inglenook.config.storage import FOLDER, Registries, read_integrations, read_registries
from inglenook.errors import ConfigError, ConfigErrors
from inglenook.registry import AreaEntry, DeviceEntry, EntityEntry
from inglenook.server.checking import CheckResult, check_rules
from inglenook.server.inventory import declared
from inglenook.server.moving_in import absent_platforms

AUTOMATION: Final = "automation"
PROGRAMS: Final = frozenset({"command_line", "shell_command"})  # what needs the home's leave to run programs

Finding = tuple[str, ConfigError]
"""A kind, and what is said of one of it."""


class Adoption(Struct, frozen=True):
    """Each finding has its place; positions are relative to ``folder``.

    Attributes:
        runs: what runs as it is.
        waits: what runs once a plugin is there; says which.
        fails: what does not run, and why.
        counts: how many of each kind run.
        registered: how many areas, floors, labels, devices and entities the folder registers.
    """

    folder: Path
    runs: list[ConfigError]
    waits: list[ConfigError]
    fails: list[ConfigError]
    counts: dict[str, int] = {}
    registered: dict[str, int] = {}


async def adopt(path: Path) -> Adoption:
    """Look through the folder at ``path``; nothing is written there, nothing is set up.

    A coroutine only because a home belongs to an event loop; it never waits.
    """
    faults: list[ConfigError] = []
    try:
        configuration = read_configuration(path, faults=faults)
    except ConfigErrors as errors:
        return Adoption(configuration_file(path).parent, [], [], _each_once([*faults, *errors.errors]))
    result = await check_rules(configuration, faults)
    registries = read_registries(configuration.folder)
    understood = list(_sections(configuration, result))
    held_back = PROGRAMS if not configuration.settings.allow_programs else frozenset()
    runs = [*_rules(result), *((kind, finding) for kind, finding in understood if kind not in held_back)]
    programs = [_awaits_leave(finding) for kind, finding in understood if kind in held_back]
    of_storage = [one for one in configuration.warnings if one.position and one.position.path.startswith(f"{FOLDER}/")]
    return Adoption(
        configuration.folder,
        [*(finding for _, finding in runs), *_silent(configuration, result)],
        [*result.waiting, *programs, *_integrations(registries, configuration)],
        _each_once([*result.errors, *result.absent, *of_storage, *registries.warnings]),
        dict(sorted(Counter(kind for kind, _ in runs).items())),
        {table: len(file.entries) for table, file in registries.files.items() if file.entries},
    )


def _each_once(faults: Sequence[ConfigError]) -> list[ConfigError]:
    """Return each fault at its first place, with how many more there are: a secret that is missing is missing often."""
    places: dict[tuple[str, str], dict[str, ConfigError]] = {}
    for fault in faults:
        key = (fault.where, fault.message) if fault.message.startswith("!secret") else (str(fault), "")
        places.setdefault(key, {})[str(fault)] = fault
    return [_with_count(list(found.values())) for found in places.values()]


def _with_count(faults: list[ConfigError]) -> ConfigError:
    first, more = faults[0], len(faults) - 1
    return ConfigError(f"{first.message} ({more} more)", first.position, first.where) if more else first


def _rules(result: CheckResult) -> Iterator[Finding]:
    for rule in result.rules:
        if rule.state != "unavailable" and rule.entity_id not in result.rules_that_wait | result.rules_that_fail:
            yield AUTOMATION, ConfigError(f"automation {rule.name}", rule.position)


def _sections(configuration: Configuration, result: CheckResult) -> Iterator[Finding]:
    """Yield what the configuration declares beside automations, is understood here and has no fault in its lines."""
    told = [*result.errors, *result.waiting]
    stopped = result.rules_that_wait | result.rules_that_fail
    for thing in declared(configuration.sections):
        is_handled = thing.kind in result.handled or f"{thing.kind}.{thing.platform}" in result.handled
        if not is_handled or thing.kind == AUTOMATION:
            continue
        if f"{thing.kind}.{thing.name}" not in stopped and not any(map(thing.holds, told)):
            yield thing.kind, ConfigError(thing.title, thing.position)


def _awaits_leave(finding: ConfigError) -> ConfigError:
    return ConfigError(f"{finding.message}: waits until `allow: {{programs: true}}` is set", finding.position)


def _silent(configuration: Configuration, result: CheckResult) -> Iterator[ConfigError]:
    """Yield the keys that declare nothing, and are in order all the same."""
    for domain, trees in configuration.sections.trees.items():
        if domain in WITHOUT_EFFECT:
            yield ConfigError(f"{domain}: needs no answer here", configuration.sections.positions[domain])
        elif domain in result.handled and not any(trees):
            yield ConfigError(domain, configuration.sections.positions[domain])


def _integrations(registries: Registries, configuration: Configuration) -> Iterator[ConfigError]:
    """Yield one finding for each integration that nothing here is: those that were set up, then those of entities."""
    absent = absent_platforms(registries, configuration)
    entities = [one for one in registries.entries("entities").values() if isinstance(one, EntityEntry)]
    file = registries.files.get("entities")
    entry_of = {entity.id: file.raw[entity.id].get("config_entry_id") for entity in entities} if file else {}
    helpers = {helper.entry_id for helper in configuration.helpers}
    told = {one.id for one in entities if entry_of[one.id] in helpers}
    for integration in read_integrations(configuration.folder):
        own = [one for one in entities if entry_of[one.id] == integration.id and one.platform in absent]
        if own and integration.id not in helpers:
            told.update(one.id for one in own)
            what = f"{integration.domain} ({integration.title}): {_some(own, registries)}"
            yield ConfigError(f"{what}: waits for a plugin or device of {integration.domain}", integration.position)
    for platform in sorted(absent):
        rest = [one for one in entities if one.platform == platform and one.id not in told]
        if rest and file is not None:
            message = f"{_some(rest, registries)}: waits for a plugin or device of {platform}"
            yield ConfigError(message, file.place(rest[0].id))


def _some(entities: Sequence[EntityEntry], registries: Registries) -> str:
    """Return the first entity with its area, and how many more there are."""
    first = entities[0]
    device = registries.entries("devices").get(first.device_id or "")
    area_id = first.area_id or (device.area_id if isinstance(device, DeviceEntry) else None)
    area = registries.entries("areas").get(area_id or "")
    where = f" in {area.name}" if isinstance(area, AreaEntry) else ""
    more = f" and {len(entities) - 1} more" if len(entities) > 1 else ""
    return f"{first.entity_id}{more}{where}"
