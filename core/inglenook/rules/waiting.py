"""What in a rule waits for a plugin: kinds that one has to bring, and services that nobody offers yet."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from inglenook.config.values import is_template
from inglenook.rules.kinds import Vocabulary
from inglenook.rules.references import FREE

_TRIGGERS: Final = ("trigger", "platform")
_CALLS: Final = ("action", "service")

Path = tuple[Any, ...]


def waiting_parts(raw: Any, vocabulary: Vocabulary, provider_of: Callable[[str], str]) -> Iterator[tuple[Path, str]]:
    """Yield the path and a sentence for each part of the rule ``raw`` that a plugin has to bring to life.

    ``provider_of``: says who would offer a service, nothing if it is there.
    """
    for path, part in mappings(raw, ()):
        for key, value in part.items():
            if isinstance(value, str) and (message := _message(key, value.lower(), vocabulary, provider_of)):
                yield (*path, key), message


def _message(key: str, value: str, vocabulary: Vocabulary, provider_of: Callable[[str], str]) -> str:
    if key in _TRIGGERS and (kind := vocabulary.triggers.get(value)) is not None and kind.stands_in_for:
        return f"trigger {value} waits for {kind.stands_in_for}"
    if key == "condition" and (asked := vocabulary.conditions.get(value)) is not None and asked.stands_in_for:
        return f"condition {value} waits for {asked.stands_in_for}"
    if key in _CALLS and not is_template(value) and (provider := provider_of(value)):
        return f"{value}: {provider}"
    return ""


def mappings(value: Any, path: Path) -> Iterator[tuple[Path, Mapping[Any, Any]]]:
    """Yield each mapping in ``value``, which stands at ``path``, that is no free data, with its path."""
    if isinstance(value, Mapping):
        yield path, value
        for key, item in value.items():
            if key not in FREE:
                yield from mappings(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from mappings(item, (*path, index))
