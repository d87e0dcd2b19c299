"""The functions of the dialect beyond the recorded templates: registries with something in them, errors."""

from typing import Any

import pytest

from inglenook.errors import TemplateError
from inglenook.home import Home
from inglenook.registry import DeviceEntry, EntityEntry
from inglenook.templates import Templates
from inglenook.templates.functions.geodesy import distance_m


@pytest.fixture
def furnished(home: Home) -> Templates:
    """A kitchen on the ground floor with a device of two entities, and a label."""
    registry = home.registry
    registry.floors.create("Ground Floor")
    registry.labels.create("Night Light")
    registry.ensure_area("Kitchen")
    registry.areas.update("kitchen", floor_id="ground_floor", labels=("night_light",))
    registry.devices.add(
        DeviceEntry("d1", (("demo", "1"),), "Plug", area_id="kitchen", model="P1", labels=("night_light",))
    )
    registry.entities.add(EntityEntry("switch.plug", "1" * 32, "u1", "demo", "d1", labels=("night_light",)))
    registry.entities.add(EntityEntry("sensor.power", "2" * 32, "u2", "demo", "d1", area_id="attic", hidden_by="user"))
    registry.entities.add(EntityEntry("light.kitchen", "3" * 32, "u3", "other", area_id="kitchen", name="Lamp"))
    return Templates(home)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("areas()", ["kitchen"]),
        ("area_id('Kitchen')", "kitchen"),
        ("area_id('switch.plug')", "kitchen"),
        ("area_id('d1')", "kitchen"),
        ("area_id('sensor.power')", "attic"),
        ("area_name('kitchen')", "Kitchen"),
        ("area_name('light.kitchen')", "Kitchen"),
        ("area_entities('Kitchen')", ["light.kitchen", "switch.plug"]),
        ("area_devices('kitchen')", ["d1"]),
        ("floors()", ["ground_floor"]),
        ("floor_id('Ground floor')", "ground_floor"),
        ("floor_id('kitchen')", "ground_floor"),
        ("floor_id('switch.plug')", "ground_floor"),
        ("floor_name('kitchen')", "Ground Floor"),
        ("floor_areas('ground_floor')", ["kitchen"]),
        ("floor_entities('Ground Floor')", ["light.kitchen", "switch.plug"]),
        ("labels()", ["night_light"]),
        ("labels('switch.plug')", ["night_light"]),
        ("labels('d1') + labels('kitchen')", ["night_light", "night_light"]),
        ("label_id('Night light')", "night_light"),
        ("label_name('night_light')", "Night Light"),
        ("label_entities('night_light')", ["switch.plug"]),
        ("label_devices('Night Light')", ["d1"]),
        ("label_areas('night_light')", ["kitchen"]),
        ("device_id('switch.plug')", "d1"),
        ("device_id('Plug')", "d1"),
        ("device_name('sensor.power')", "Plug"),
        ("device_attr('switch.plug', 'model')", "P1"),
        ("device_attr('d1', 'identifiers')", {("demo", "1")}),
        ("is_device_attr('d1', 'model', 'P1')", True),
        ("device_entities('d1')", ["switch.plug", "sensor.power"]),
        ("integration_entities('demo')", ["switch.plug", "sensor.power"]),
        ("is_hidden_entity('sensor.power')", True),
        ("entity_name('light.kitchen')", "Lamp"),
    ],
)
def test_functions_of_the_registries_know_ids_names_and_entities(
    furnished: Templates, expression: str, value: Any
) -> None:
    assert furnished.compile(f"{{{{ {expression} }}}}").render() == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("remap(5, 0, 10, 0, 100)", 50.0),
        ("remap(15, 0, 10, 0, 100, edges='wrap')", 50.0),
        ("remap(12, 0, 10, 0, 100, edges='mirror')", 80.0),
        ("remap(0.27, 0, 1, 0, 100, steps=4)", 25.0),
        ("atan2(1, 1) | round(3)", 0.785),
        ("'1.2.0' | version == '1.2'", True),
        ("version('2026.10') > '2026.9'", True),
        ("version('1.0b2') < version('1.0rc1')", True),
        ("[[1, [2]], 3] | flatten(levels=1)", [1, [2], 3]),
        ("[1, 2] | union([3]) | sort", [1, 2, 3]),
        ("{'a': {'b': 1}} | combine({'a': {'c': 2}}, recursive=true)", {"a": {"b": 1, "c": 2}}),
        ("[3, 1, 2] | shuffle(seed=1) | sort", [1, 2, 3]),
        ("{'b': 1, 'a': 2} | to_json(sort_keys=true)", {"a": 2, "b": 1}),
        ("112 | ordinal ~ ' ' ~ 23 | ordinal", "112th 23rd"),
        ("pack(258, '>H') | unpack('>H')", 258),
        ("urlencode({'a': 1, 'b': 'x y'})", "a=1&b=x+y"),
        ("as_timedelta('-1 02:00:00')", "-1 day, 2:00:00"),
        ("as_datetime('2026-3-1 2:05').day", 1),
        ("as_datetime('2026-03-10T12:00:00.5+0100').isoformat()", "2026-03-10T12:00:00.500000+01:00"),
        ("as_timestamp('2026-03-10')", 1773097200.0),
        ("timedelta_string(timedelta(hours=26, minutes=3), 2)", "1 day 2 hours"),
        ("time_until(now() + timedelta(minutes=90))", "2 hours"),
        ("time_since(now() - timedelta(seconds=59.7))", "1 minute"),
        ("timedelta_string(timedelta(hours=-25))", "1 day"),
        ("as_timedelta('3 days') | string", "3 days, 0:00:00"),
        ("as_timedelta('1 day 02:00:00').total_seconds()", 93_600.0),
        ("as_timedelta('PT1,5S').total_seconds()", 1.5),
        ("as_timedelta('').total_seconds()", 0.0),
        ("as_datetime('2026-03').day", 1),
        ("as_datetime('2026-W10').isoformat()", "2026-03-02T00:00:00"),
        ("as_datetime('2026-03-10T12').hour", 12),
        ("set('aba') | sort", ["a", "b"]),
        ("tuple('ab')", ("a", "b")),
        ("slugify(none)", ""),
        ("1 | pack('zz')", None),
        ("['nan' | float, 'NaN'] | to_json", '[null,"NaN"]'),
        ("version('1.2.3').patch == '3'", True),
        ("version('2026.11.0b1').beta", True),
        ("(version('2099.9.9') - '2099.10.9').minor", True),
        ("(version('2099.9.9') - '2099.10.9').major", False),
        ("version('1') | typeof", "AwesomeVersion"),
        ("device_attr('d1', 'colour')", None),
    ],
)
def test_functions_give_what_they_promise(templates: Templates, expression: str, value: Any) -> None:
    assert templates.compile(f"{{{{ {expression} }}}}").render() == value


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("states['nope']['x y']", "no entity id"),
        ("states.UPPER", "no domain"),
        ("device_attr(5, 'model')", "id of a device or entity, got 5"),
        ("config_entry_attr('x', 'colour')", "no 'colour'"),
        ("config_entry_attr(none, 'title')", "got None"),
        ("distance()", "at least one place"),
        ("max()", "need a list"),
        ("[] | random", "empty sequence"),
        ("5 | md5", "no attribute 'encode'"),
        ("5 | slugify", "int found"),
        ("2.345 | round('1')", "round got 2.345"),
        ("combine()", "at least one dict"),
        ("combine({}, [])", "takes dicts, got list"),
        ("flatten('text')", "expected a list"),
        ("'x' | apply('upper')", "takes a function"),
        ("remap(1, 2, 2, 0, 1)", "in_min and in_max"),
        ("merge_response({'a.b': {'l': [{'entity_id': 1}]}})", "entity_id already"),
        ("today_at('25:00')", "hour must be in"),
        ("now() > as_datetime('2026-03-10')", "offset-naive"),
    ],
)
def test_an_error_says_what_came_and_what_was_expected(furnished: Templates, expression: str, told: str) -> None:
    with pytest.raises(TemplateError, match=told):
        furnished.compile(f"{{{{ {expression} }}}}").render()


def test_an_attribute_that_is_not_there_is_not_none(templates: Templates, home: Home) -> None:
    home.states.set("light.hall", "on", {"effect": None})

    assert templates.compile("{{ is_state_attr('light.hall', 'effect', none) }}").render() is True
    assert templates.compile("{{ is_state_attr('light.hall', 'brightness', none) }}").render() is False


def test_a_state_with_its_unit_keeps_the_unit_when_it_is_unknown(templates: Templates, home: Home) -> None:
    home.states.set("sensor.outside", "unknown", {"unit_of_measurement": "°C"})
    home.states.set("sensor.count", "5", {"unit_of_measurement": ""})

    assert templates.compile("{{ states('sensor.outside', with_unit=true) }}").render() == "unknown °C"
    assert templates.compile("{{ states('sensor.count', with_unit=true) }}").render() == 5


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("states('sensor.power')", "21.456"),
        ("states('sensor.power', rounded=true)", "21.5"),
        ("states('sensor.power', with_unit=true)", "21.5 W"),
        ("states('sensor.power', rounded=false, with_unit=true)", "21.456 W"),
        ("states.sensor.power.state_with_unit", "21.5 W"),
        ("states('light.kitchen', rounded=true)", "1.25"),
    ],
)
def test_a_sensor_is_rounded_as_the_registry_says(furnished: Templates, home: Home, expression: str, text: str) -> None:
    options = {"sensor": {"display_precision": 1}}
    for entity_id, state in (("sensor.power", "21.456"), ("light.kitchen", "1.25")):
        home.registry.entities.update(entity_id, options=options)
        home.states.set(entity_id, state, {"unit_of_measurement": "W"})

    assert furnished.compile(f"{{{{ {expression} }}}}").render_text() == text


def test_a_distance_is_that_of_the_first_two_places(templates: Templates, home: Home) -> None:
    home.states.set("zone.work", "0", {"latitude": 52.0, "longitude": 5.0})
    two = templates.compile("{{ distance('zone.work', 52.1, 5.1) }}").render()

    assert templates.compile("{{ distance('zone.work', 52.1, 5.1, 'zone.work') }}").render() == two


def test_a_response_becomes_one_list(templates: Templates) -> None:
    responses: dict[str, Any] = {"calendar.a": {"events": [{"x": 1}, {"x": 2}]}, "calendar.b": {"sun": 1, "moon": 2}}

    merged = templates.compile("{{ merge_response(r) }}").render({"r": responses})

    assert merged == [
        {"x": 1, "entity_id": "calendar.a", "value_key": "events"},
        {"x": 2, "entity_id": "calendar.a", "value_key": "events"},
        {"sun": 1, "moon": 2, "entity_id": "calendar.b"},
    ]
    assert responses["calendar.a"]["events"] == [{"x": 1}, {"x": 2}]


def test_distances_are_in_the_home_s_units(templates: Templates, home: Home) -> None:
    home.states.set("person.a", "home", {"latitude": 52.0, "longitude": 5.0})
    home.states.set("person.b", "away", {"latitude": 52.1, "longitude": 5.0})

    kilometres = templates.compile("{{ distance('person.a', states.person.b) }}").render()
    home.settings.unit_system = "us_customary"
    miles = templates.compile("{{ distance('person.a', 52.1, 5) }}").render()

    assert kilometres == pytest.approx(11.126, abs=0.001)
    assert miles == pytest.approx(kilometres / 1.609344)


def test_the_closest_is_found_among_states(templates: Templates, home: Home) -> None:
    home.states.set("person.a", "home", {"latitude": 52.0, "longitude": 5.0})
    home.states.set("person.b", "away", {"latitude": 10.0, "longitude": 5.0})

    assert templates.compile("{{ closest(11, 5, states.person).entity_id }}").render() == "person.b"
    assert templates.compile("{{ (states.person | closest('person.a')).entity_id }}").render() == "person.a"
    assert templates.compile("{{ closest('light.hall', states.person) }}").render() is None


@pytest.mark.parametrize(
    ("here", "there", "metres"),
    [
        ((52.37, 4.89), (52.37, 4.89), 0.0),
        ((0.0, 0.0), (0.0, 1.0), 111_319.491),  # a degree of the equator, from the definition of the ellipsoid
        ((0.0, 0.0), (90.0, 0.0), 10_001_965.729),  # a quarter of a meridian
        ((0.0, 0.0), (0.0, 180.0), 20_037_508.343),  # opposite: the formula does not settle
    ],
)
def test_distances_on_the_ellipsoid_are_exact(
    here: tuple[float, float], there: tuple[float, float], metres: float
) -> None:
    assert distance_m(here, there) == pytest.approx(metres, abs=0.001)
