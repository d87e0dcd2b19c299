"""What a configuration names beside its rules, in template entities, groups, scenes: and nothing answers to."""

from collections.abc import Collection, Iterator
from typing import Any, Final

from inglenook.config.configuration import Configuration
from inglenook.config.sections import ENTITY_DOMAINS, NAMED, RULE_SECTIONS
from inglenook.errors import ConfigError, Position
from inglenook.home import Home
from inglenook.registry import slugify
from inglenook.rules import Names
from inglenook.rules.faults import fault
from inglenook.server.inventory import declared
from inglenook.server.rule_sources import SCENE
from inglenook.server.template_section import DOMAIN as TEMPLATE
from inglenook.templates import Templates

_GROUP: Final = "group"
_NUMBERS: Final = "input_number"  # the helpers that a rule compares a number with
_ALWAYS: Final = ("sun.sun", "zone.home")


def known_names(home: Home, configuration: Configuration, offered: Collection[str], *, has_run: bool) -> Names:
    """Return what a configuration may name.

    Args:
        home: knows what it knew when it last ran.
        configuration: declares what will be there.
        offered: services that will be there, beside those that ``home`` offers, each as ``domain.name``.
        has_run: whether there was a last time. Before, only what the configuration declares is known for sure.
    """
    sections = configuration.sections
    names = [*_ALWAYS, *(f"{domain}.{name}" for domain in NAMED for name, _, _ in sections.named(domain))]
    names += [f"{thing.kind}.{slugify(thing.name)}" for thing in declared(sections) if thing.name]
    has_moved_in = any(len(table) for table in (home.registry.areas, home.registry.devices))
    domains = None if has_run else frozenset({*NAMED, *RULE_SECTIONS})
    units = {
        f"{_NUMBERS}.{name}": str((settings or {}).get("unit_of_measurement") or "")
        for name, settings, _ in sections.named(_NUMBERS)
        if settings is None or isinstance(settings, dict)
    }
    return Names(home, names, domains, offered=offered, units=units, has_places=has_moved_in)


def unknown_names(
    configuration: Configuration, names: Names, templates: Templates, handled: Collection[str]
) -> Iterator[ConfigError]:
    """Yield a warning for each name outside the rules that nothing answers to.

    Args:
        configuration: what is looked through.
        names: what is known.
        templates: of the home.
        handled: keys that something here takes, and items of platforms as ``sensor.template``.
    """
    for tree, place in _parts(configuration, handled):
        for path, message in names.unknown(tree, templates):
            yield fault(tree, path, message, place)
    for name, members, place in configuration.sections.named(_GROUP):
        for message in names.unknown_entities(members):
            yield ConfigError(message, place, f"{_GROUP}.{name}")


def _parts(configuration: Configuration, handled: Collection[str]) -> Iterator[tuple[Any, Position | None]]:
    """Yield each part that names things in the words of rules, with its place."""
    sections = configuration.sections
    for domain in (TEMPLATE, SCENE):
        yield from sections.listed(domain)
    yield from ((settings, place) for _, settings, place in sections.named(_GROUP))
    for domain in sections.trees:
        if domain in ENTITY_DOMAINS:
            for item, place in sections.listed(domain):
                if isinstance(item, dict) and f"{domain}.{item.get('platform')}" in handled:
                    yield item, place
