"""Closures give what Jinja gives, and stand aside where they might not."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inglenook.errors import TemplateError
from inglenook.model import Context, State
from inglenook.templates import Templates

_STATE = State("light.hall", "on", {"brightness": 128, "items": 3}, Context("c"), 1.0, 1.0, 1.0)
_VARIABLES: dict[str, Any] = {
    "trigger": {"to_state": _STATE, "id": "2", "event": {"data": {"n": 4, "s": " x ", "items": [1], "none": None}}},
    "n": 3,
    "f": 2.5,
    "s": "Text",
    "l": [1, 2, 3],
    "e": "",
}


@pytest.mark.parametrize(
    "text",
    [
        "{{ states('light.hall') }}",
        "{{ is_state('light.hall', 'on') and states('sensor.temperature') | float > 20 }}",
        "{{ states.sensor.temperature.state | round(0) }}",
        "{{ trigger.to_state.state == 'on' }}",
        "{{ trigger.to_state.attributes.brightness / 2 }}",
        "{{ trigger.event.data.n | int + 1 }}",
        "{{ trigger.event.data['n'] in [3, 4] }}",
        "{{ now().hour }} {{ now().strftime('%H') }}",
        "{{ s.lower() ~ n }}",
        "{{ 'a' if n > 2 else 'b' }}",
        "{{ x | default(5) }} {{ trigger.x | default('-') }} {{ e | default('d', true) }}",
        "{{ x is defined or n is number }}",
        "The {{ s }} is {{ f }}.",
        "{% if n > 5 %}a{% elif n == 3 %}{{ s }}{% else %}c{% endif %}",
        "{{ not n in l }}",
        "{{ s | upper | length }}",
        "{{ (n, f) }}",
        "{{ states.light | selectattr('state', 'eq', 'on') | map(attribute='entity_id') | list }}",
        "{{ states | rejectattr('domain', 'in', ['group']) | map(attribute='name') | join(', ') }}",
        "{{ states.sensor | selectattr('attributes.unit_of_measurement', 'defined') | list | count }}",
        "{{ states | selectattr('attributes.brightness', 'ne', 5) | map(attribute='state') | list }}",
        "{{ expand('group.both') | selectattr('state', 'search', 'o') | map(attribute='last_changed') | list }}",
    ],
)
def test_the_plain_part_of_the_language_is_translated_exactly(templates: Templates, text: str) -> None:
    program = templates.engine.program(text)

    assert program.is_translated
    assert str(program._closure(_VARIABLES)).strip() == program.text(_VARIABLES).strip()  # type: ignore[misc]


@pytest.mark.parametrize(
    "text",
    [
        "{{ trigger.event.data.items }}",  # the method of a dict, not the key
        "{{ trigger.event.data.nope }}",
        "{{ nope }}",
        "{{ trigger.to_state.items }}",
        "{{ states('light.hall') | float }}",
        "{{ l.append(1) }}",
        "{{ s.__class__ }}",
        "{{ s.format(1) }}",
        "{{ [l] * 3 }}",
        "{{ s * n }}",
        "{{ 'x' if false }}",
        "{{ [] | first }}",
        "{{ l[7] }}",
        "{{ n / 0 }}",
        "{{ s + n }}",
        "{{ states | map(attribute='attributes.brightness') | list }}",
        "{{ l | selectattr('x', 'eq', 1) | list }}",
        "{{ states.light | selectattr('state', 'eq', 'on') | length }}",
    ],
)
def test_what_is_unusual_is_answered_by_jinja(templates: Templates, text: str) -> None:
    program = templates.engine.program(text)

    assert _answer(program.value) == _answer(program.text)


@pytest.mark.parametrize(
    "text", ["{% set x = 1 %}{{ x }}", "{% for i in l %}{{ i }}{% endfor %}", "{{ l | map('string') }}"]
)
def test_the_rest_is_left_to_jinja(templates: Templates, text: str) -> None:
    assert not templates.engine.program(text).is_translated


_LEAVES = st.sampled_from(
    [
        "n", "f", "s", "l", "e", "nope", "trigger.id", "trigger.to_state.state",
        "trigger.to_state.attributes.brightness",
        "trigger.event.data.n", "trigger.event.data.none", "trigger.nope", "states('light.hall')", "states('x.y')",
        "state_attr('light.hall', 'brightness')", "is_state('light.hall', 'on')", "1", "0", "2.5", "'7'", "''", "'on'",
        "none", "true", "false", "[1, 'a']", "l[0]", "s[0]", "s.lower()",
    ]
)  # fmt: skip
_OPERATORS = ("+", "-", "*", "/", "//", "%", "==", "!=", "<", ">=", "in", "and", "or", "~")
_FILTERS = (
    "float(0)", "int(0)", "default(1)", "default('d', true)", "round(1, 'common', 0)", "upper", "length", "string",
    "abs", "bool(false)", "trim", "lower", "first", "last", "float", "list", "sum",
)  # fmt: skip
_EXPRESSIONS = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(_OPERATORS), inner).map(" ".join).map("({})".format),
        st.tuples(inner, st.sampled_from(_FILTERS)).map(lambda parts: f"({parts[0]} | {parts[1]})"),
        st.tuples(inner, st.sampled_from(["defined", "none", "number", "string", "eq(1)"])).map(
            lambda parts: f"({parts[0]} is {parts[1]})"
        ),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]} if {parts[1]} else {parts[2]})"),
        inner.map(lambda part: f"(not {part})"),
    ),
    max_leaves=8,
)  # fmt: skip


@given(expression=_EXPRESSIONS)
@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
def test_any_expression_gives_what_jinja_gives(templates: Templates, expression: str) -> None:
    program = templates.engine.program("{{ " + expression + " }}")

    assert _answer(program.value) == _answer(program.text)


def _answer(render: Any) -> str:
    try:
        return str(render(_VARIABLES, False)).strip()
    except TemplateError as error:
        return f"error: {error}"
