"""What in a rule waits for a plugin: kinds that one has to bring, and services that nobody offers yet."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from inglenook.config.values import is_template
from inglenook.rules.kinds import Vocabulary

_TRIGGERS: Final = ("trigger", "platform")
_CALLS: Final = ("action", "service")

Path = tuple[Any, ...]


def waiting_parts(raw: Any, vocabulary: Vocabulary, served: Collection[str]) -> Iterator[tuple[Path, str]]:
    """Yield the path and a sentence for each part of the rule ``raw`` that a plugin has to bring to life.

    ``served``: the domains that have services.
    """
    for path, part in _mappings(raw, ()):
        for key, value in part.items():
            if isinstance(value, str) and (message := _message(key, value.lower(), vocabulary, served)):
                yield (*path, key), message


def _message(key: str, value: str, vocabulary: Vocabulary, served: Collection[str]) -> str:
    if key in _TRIGGERS and (kind := vocabulary.triggers.get(value)) is not None and kind.stands_in_for:
        return f"trigger {value} waits for {kind.stands_in_for}"
    if key == "condition" and (asked := vocabulary.conditions.get(value)) is not None and asked.stands_in_for:
        return f"condition {value} waits for {asked.stands_in_for}"
    domain, dot, _ = value.partition(".")
    if key in _CALLS and dot and domain not in served and not is_template(value):
        return f"{value} waits for a plugin that offers services of {domain}"
    return ""


def _mappings(value: Any, path: Path) -> Iterator[tuple[Path, Mapping[Any, Any]]]:
    if isinstance(value, Mapping):
        yield path, value
        for key, item in value.items():
            yield from _mappings(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _mappings(item, (*path, index))
