"""What a rendering notes of what it read."""

import pytest

from inglenook.templates import Templates


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("{{ states('light.hall') }}", {"light.hall"}),
        ("{{ is_state('light.gone', 'on') }}", {"light.gone"}),
        ("{{ states.light.hall.state }}", {"light.hall"}),
        ("{{ states['light.hall'].attributes.brightness }}", {"light.hall"}),
        ("{{ state_attr('LIGHT.Hall', 'brightness') }}", {"light.hall"}),
        ("{{ 'light.hall' | has_value }}", {"light.hall"}),
        ("{{ expand('group.both') | length }}", {"group.both", "light.hall", "sensor.temperature"}),
        ("{{ is_state('light.hall', 'off') and is_state('light.gone', 'on') }}", {"light.hall"}),
        ("{% if is_state('light.hall', 'on') %}{{ states('sensor.temperature') }}{% endif %}",
         {"light.hall", "sensor.temperature"}),
        ("{{ 5 }}", set()),
        ("plain", set()),
    ],
)  # fmt: skip
def test_entities_are_noted_also_when_missing(templates: Templates, text: str, entities: set[str]) -> None:
    tracked = templates.compile(text).track()

    assert tracked.entities == entities
    assert not tracked.domains
    assert not tracked.all_states
    assert not tracked.uses_time


def test_going_through_a_domain_depends_on_all_in_it(templates: Templates) -> None:
    tracked = templates.compile("{{ states.light | map(attribute='state') | list }}").track()

    assert tracked.result == ["on"]
    assert set(tracked.domains) == {"light"}
    assert not tracked.entities


def test_counting_depends_on_coming_and_going_only(templates: Templates) -> None:
    of_domain = templates.compile("{{ states.light | count }}").track()
    of_all = templates.compile("{{ states | length }}").track()

    assert (of_domain.result, set(of_domain.lifecycle_domains), set(of_domain.domains)) == (1, {"light"}, set())
    assert (of_all.result, set(of_all.lifecycle_domains), of_all.all_states) == (3, {"*"}, False)


def test_going_through_everything_depends_on_everything(templates: Templates) -> None:
    assert templates.compile("{% for s in states %}{{ s.state }}{% endfor %}").track().all_states


@pytest.mark.parametrize(
    "text", ["{{ now().hour }}", "{{ utcnow() }}", "{{ today_at('12:00') }}", "{{ x | time_since }}"]
)
def test_time_is_noted(templates: Templates, text: str) -> None:
    at = templates.compile("{{ 1 }}")._templates.engine.view.home.clock.local()

    assert templates.compile(text).track({"x": at}).uses_time


def test_an_error_is_part_of_the_answer(templates: Templates) -> None:
    tracked = templates.compile("{{ states('light.hall') | float }}").track()

    assert tracked.result is None
    assert "float got 'on'" in str(tracked.error)
    assert tracked.entities == {"light.hall"}


def test_rendering_alone_notes_nothing(templates: Templates) -> None:
    template = templates.compile("{{ states('light.hall') }}")
    template.track()

    template.render()

    assert template._templates.engine.view.footprint is None
