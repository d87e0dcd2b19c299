"""Templates as rules use them."""

import gc
import logging

import pytest

from inglenook.errors import TemplateError
from inglenook.home import Home
from inglenook.templates import Templates


def test_a_result_is_native(templates: Templates) -> None:
    template = templates.compile("{{ states('sensor.temperature') }}")

    assert template.render() == 21.5
    assert template.render_text() == "21.5"


def test_a_text_without_delimiters_is_read_like_a_result(templates: Templates) -> None:
    template = templates.compile(" 5 ")

    assert template.is_static
    assert template.render() == 5
    assert template.render_text() == "5"


def test_the_same_text_gives_the_same_template_as_long_as_it_is_held(templates: Templates) -> None:
    template = templates.compile("{{ 1 }}")

    assert templates.compile("{{ 1 }}") is template


def test_a_template_that_nobody_holds_is_let_go(templates: Templates) -> None:
    templates.compile("{{ 'gone' }}")
    gc.collect()

    assert "{{ 'gone' }}" not in templates._templates


@pytest.mark.parametrize(
    ("text", "is_true"),
    [("{{ true }}", True), ("{{ 'TRUE ' }}", True), ("true", True), ("{{ 1 }}", False), ("{{ 'on' }}", False)],
)
def test_a_condition_is_true_by_the_word_alone(templates: Templates, text: str, is_true: bool) -> None:
    assert templates.compile(text).is_true() is is_true


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{ 1", "unexpected end of template"),
        ("{% if %}", "Expected an expression"),
        ("{{ 1 | nofilter }}", "no filter 'nofilter'"),
        ("{{ 1 is notest }}", "no test 'notest'"),
        ("{% for i in x %}", "Unexpected end of template"),
    ],
)
def test_what_is_not_well_formed_is_refused_at_once(templates: Templates, text: str, told: str) -> None:
    with pytest.raises(TemplateError, match=told):
        templates.compile(text)


def test_a_filter_that_is_not_there_may_stand_where_it_is_not_reached(templates: Templates) -> None:
    template = templates.compile("{% if x %}{{ 1 | nofilter }}{% else %}fine{% endif %}")

    assert template.render({"x": False}) == "fine"
    with pytest.raises(TemplateError, match="nofilter"):
        template.render({"x": True})


def test_an_error_shows_the_template_and_the_line(templates: Templates) -> None:
    template = templates.compile("{% set a = 1 %}\n{% set b = 2 %}\n{{ a + 'x' }}")

    with pytest.raises(TemplateError, match=r"template .*set a = 1.*\(line 3\): TypeError: unsupported operand"):
        template.render()


def test_an_undefined_name_is_empty_and_warned_of_once(templates: Templates, caplog: pytest.LogCaptureFixture) -> None:
    template = templates.compile("{{ nope }}{{ nope }}")

    with caplog.at_level(logging.WARNING):
        results = [template.render(), template.render()]

    assert results == ["", ""]
    assert len(caplog.records) == 1
    assert "'nope' is undefined" in caplog.text
    assert "{{ nope }}" in caplog.text


def test_a_name_that_may_be_missing_is_not_warned_of(templates: Templates, caplog: pytest.LogCaptureFixture) -> None:
    text = "{{ nope | default(1) }}{{ nope is defined }}{{ d.x | default('-') }}{{ d['x'] | default('-') }}"

    assert templates.compile(text).render({"d": {}}) == "1False--"
    assert not caplog.records


def test_the_undefined_in_an_undefined_is_an_error(templates: Templates) -> None:
    for text in ("{{ nope.x }}", "{{ nope.x | default(1) }}", "{{ nope + 1 }}", "{{ nope() }}"):
        with pytest.raises(TemplateError, match="'nope' is undefined"):
            templates.compile(text).render()


def test_variables_hide_functions(templates: Templates) -> None:
    template = templates.compile("{{ states }} {{ states('x') if states is callable else 'hidden' }}")

    assert template.render({"states": 5}) == "5 hidden"
    with pytest.raises(TemplateError):
        templates.compile("{{ is_state('light.hall', 'on') }}").render({"is_state": 5})


def test_variables_are_never_changed(templates: Templates) -> None:
    variables = {"x": 1, "l": [1]}

    assert templates.compile("{% set x = 2 %}{% set y = 3 %}{{ x + y + (l + [2]) | sum }}").render(variables) == 8
    assert variables == {"x": 1, "l": [1]}


def test_a_limited_template_reads_nothing_of_the_home(templates: Templates) -> None:
    assert templates.compile("{{ x + 1 }}").render({"x": 1}, limited=True) == 2
    for text in (
        "{{ states('light.hall') }}",
        "{{ now() }}",
        "{{ 'light.hall' | has_value }}",
        "{{ states.light.hall }}",
    ):
        with pytest.raises(TemplateError):
            templates.compile(text).render(limited=True)


def test_a_checked_template_is_read_when_it_is_used(templates: Templates) -> None:
    template = templates.compile("{{ 1", is_checked=True)

    with pytest.raises(TemplateError, match="unexpected end"):
        template.render()


def test_macros_are_imported_by_name(templates: Templates) -> None:
    templates.set_macros({"tools/math.jinja": "{% macro double(x) %}{{ x * 2 }}{% endmacro %}"})

    text = "{% from 'tools/math.jinja' import double %}{{ double(states('sensor.temperature') | float) }}"
    assert templates.compile(text).render() == 43.0

    templates.set_macros({"tools/math.jinja": "{% macro double(x) %}{{ x * 20 }}{% endmacro %}"})
    assert templates.compile(text).render() == 430.0


def test_macros_are_those_of_the_home_whoever_compiles(home: Home) -> None:
    ours, theirs = Templates(home), Templates(home)
    text = "{% from 'm.jinja' import one %}{{ one() }}"
    ours.set_macros({"m.jinja": "{% macro one() %}1{% endmacro %}"})

    first = theirs.compile(text).render()
    ours.set_macros({"m.jinja": "{% macro one() %}2{% endmacro %}"})

    assert (first, theirs.compile(text).render(), theirs.compile(text).render(limited=True)) == (1, 2, 2)


def test_a_macro_returns_a_value_through_as_function(templates: Templates) -> None:
    text = """
        {% macro doubled(x, returns) %}{% do returns(x * 2) %}{% endmacro %}
        {% set double = doubled | as_function %}
        {{ double(4) + 1 }} {{ [1, 2] | map('apply', double) | list }}
    """

    assert templates.compile(text).render() == "9 [2, 4]"


def test_a_macro_sees_the_home(templates: Templates, home: Home) -> None:
    text = "{% macro m() %}{{ states('light.hall') }}{{ trigger.id }}{% endmacro %}{{ m() }}"

    assert templates.compile(text).render({"trigger": {"id": "x"}}) == "onx"
