"""Results: what the templates of one entity have given, each under its name."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Any

from inglenook.errors import TemplateError
from inglenook.templates import Template, Templates, Tracked

Keyed = Mapping[str, Template]


@dataclass(frozen=True, slots=True)
class Results:
    """The values of the templates that could be rendered, and the errors of the others."""

    values: Mapping[str, Any]
    errors: Mapping[str, str]

    def get(self, name: str, default: Any = None) -> Any:
        """Return the value of a template; ``default`` if there is none."""
        return self.values.get(name, default)

    def __contains__(self, name: str) -> bool:
        return name in self.values


class Joint:
    """The templates of one entity, watched as one: what touches any of them renders them all, and writes one state.

    Args:
        templates: by name.
        entity_id: of the entity they make, which ``this`` stands for.
        this: returns its present state.
        as_text: the names of those whose results are the rendered text.
    """

    __slots__ = ("_as_text", "_entity_id", "_reads_itself", "_templates", "_this")

    def __init__(self, templates: Keyed, entity_id: str, this: Callable[[], Any], as_text: Container[str] = ()) -> None:
        self._templates = dict(templates)
        self._as_text = as_text
        self._entity_id = entity_id
        self._this = this
        self._reads_itself = any("this" in template.text for template in templates.values())

    def track(self, variables: Mapping[str, Any]) -> Tracked:
        """Return the :class:`Results` and all that they depend on."""
        known = {**variables, "this": self._this()}
        as_text = self._as_text
        found = {name: template.track(known, as_text=name in as_text) for name, template in self._templates.items()}
        entities = frozenset[str]().union(*(one.entities for one in found.values()))
        return Tracked(
            _results(found),
            entities | {self._entity_id} if self._reads_itself else entities,
            frozenset[str]().union(*(one.domains for one in found.values())),
            frozenset[str]().union(*(one.lifecycle_domains for one in found.values())),
            any(one.all_states or one.error is not None for one in found.values()),
            any(one.uses_time for one in found.values()),
        )


def rendered(templates: Keyed, variables: Mapping[str, Any], as_text: Container[str] = ()) -> Results:
    """Return what the templates give now, those of ``as_text`` as the rendered text."""
    values, errors = {}, {}
    for name, template in templates.items():
        try:
            values[name] = template.render_text(variables) if name in as_text else template.render(variables)
        except TemplateError as error:
            errors[name] = str(error)
    return Results(values, errors)


def compiled(texts: Mapping[str, str], templates: Templates) -> Keyed:
    """Return the templates of ``texts``, which are known to be well formed."""
    return {name: templates.compile(text, is_checked=True) for name, text in texts.items()}


def _results(found: Mapping[str, Tracked]) -> Results:
    return Results(
        {name: one.result for name, one in found.items() if one.error is None},
        {name: str(one.error) for name, one in found.items() if one.error is not None},
    )
