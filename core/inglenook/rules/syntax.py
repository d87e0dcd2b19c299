"""Finds templates that do not compile, anywhere in a rule."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from inglenook.config.values import is_template
from inglenook.errors import TemplateError
from inglenook.templates import Templates

_NO_TEMPLATES: Final = frozenset({"alias", "description", "id", "metadata", "note"})

Path = tuple[Any, ...]


def template_errors(templates: Templates, raw: Any) -> list[tuple[Path, TemplateError]]:
    """Return the path and the error of each text in ``raw`` that is a broken template."""
    if not _may_have_templates(raw):
        return []
    found = []
    for path, text in template_texts(raw):
        try:
            templates.compile(text)
        except TemplateError as error:
            found.append((path, error))
    return found


def _may_have_templates(raw: Any) -> bool:
    """True when any text in ``raw`` has a brace: most rules have none, and their paths need not be made."""
    waiting: list[Any] = [raw]
    for part in waiting:
        if isinstance(part, str):
            if "{" in part:
                return True
        elif isinstance(part, dict):
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
        elif isinstance(part, Mapping):
            return True
    return False


def template_texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield the path, which goes on from ``path``, and the text of each template in ``value``."""
    if isinstance(value, str):
        if is_template(value):
            yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key not in _NO_TEMPLATES:
                yield from template_texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from template_texts(item, (*path, index))
