"""What a template names, told without rendering it."""

import pytest

from inglenook.templates import Templates


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("{{ states('light.a') }} {{ states.light.b.state }} {{ states['light.c'].name }}", "light.a light.b light.c"),
        ("{{ is_state('Light.A', 'on') and 'light.b' is has_value }}", "light.a light.b"),
        ("{{ 'light.a' | state_attr('brightness') }}", "light.a"),
        ("{{ expand('group.a', ['light.b', 'light.c']) }}", "group.a light.b light.c"),
        ("{{ states.light | list }} {{ states('sensor.' ~ x) }} {{ states(x) }} {{ states('') }}", ""),
        ("{% for x in ['light.a'] %}{{ states(x) }}{% endfor %}", ""),
        ("{{ broken", ""),
    ],
)
def test_entities_are_named_where_they_stand_as_they_are(templates: Templates, text: str, entities: str) -> None:
    assert sorted(templates.engine.naming(text).entities) == entities.split()


def test_a_function_is_unknown_that_neither_the_dialect_nor_the_template_has(templates: Templates) -> None:
    text = (
        "{% from 'tools.jinja' import one, two as three %}{% import 'x.jinja' as x %}{% macro own() %}{{ caller() }}"
        "{% endmacro %}{% set put = own %}{% for each in [] recursive %}{{ loop([]) }}{{ each() }}{% endfor %}"
        "{{ one() }}{{ three() }}{{ two() }}{{ x.y() }}{{ own() }}{{ put() }}{{ now() }}{{ state(1) }}{{ state(2) }}"
    )

    assert templates.engine.naming(text).unknown == ("two", "state")


def test_what_reads_the_home_is_named(templates: Templates) -> None:
    text = "{% set states = 1 %}{{ states }}{{ area_name('x') }}{{ 'x' | state_attr('y') }}{{ 5 | float }}{{ now }}"

    assert sorted(templates.engine.naming(text).of_home) == ["area_name", "now", "state_attr"]
