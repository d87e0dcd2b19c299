"""command_line: what programs say, and what they move."""

import logging
import os
from pathlib import Path

import pytest
from tests.plugins.outside.place import Place

from inglenook.errors import ConfigErrors
from inglenook.server.checking import check_configuration
from inglenook_outside import roster


async def test_a_sensor_is_what_its_command_says(place: Place) -> None:
    await place.declare("""
        command_line:
          - sensor:
              name: Load
              command: echo " 12.50 "
              unit_of_measurement: "%"
              device_class: power_factor
              state_class: measurement
              icon: mdi:gauge
          - sensor:
              command: printf 'two words'
        """)

    assert place.state("sensor.load") == "12.50"
    assert place.attribute("sensor.load", "unit_of_measurement") == "%"
    assert place.attribute("sensor.load", "state_class") == "measurement"
    assert place.attribute("sensor.load", "icon") == "mdi:gauge"
    assert place.state("sensor.command_sensor") == "two words"


async def test_templates_make_its_state_its_look_and_its_availability(place: Place) -> None:
    await place.declare("""
        command_line:
          - sensor:
              name: Room
              command: cat answer
              value_template: "{{ value_json.degrees | round(1) }}"
              availability: "{{ value_json.ok }}"
              icon: "mdi:{{ 'fire' if value_json.degrees > 20 else 'snowflake' }}"
              picture: "/local/{{ value_json.degrees }}.png"
        """)
    (place.folder / "answer").write_text('{"degrees": 21.26, "ok": true}')
    assert await place.ask_again("sensor.room") == "21.3"
    assert place.attribute("sensor.room", "icon") == "mdi:fire"
    assert place.attribute("sensor.room", "entity_picture") == "/local/21.26.png"

    (place.folder / "answer").write_text('{"degrees": 21.26, "ok": false}')

    assert await place.ask_again("sensor.room") == "unavailable"


async def test_a_template_knows_the_state_before(place: Place) -> None:
    await place.declare("""
        command_line:
          - sensor:
              name: Sum
              command: echo 5
              value_template: "{{ value | int + (this.state | int(0) if this else 0) }}"
        """)

    assert await place.ask_again("sensor.sum") == "10"


async def test_attributes_come_out_of_json(place: Place) -> None:
    (place.folder / "answer").write_text('{"rooms": [{"name": "hall", "size": 12, "other": 1}]}')
    await place.declare("""
        command_line:
          - sensor:
              name: Hall
              command: cat answer
              json_attributes: [name, size, missing]
              json_attributes_path: "$.rooms[0]"
              value_template: "{{ value_json.rooms | length }}"
          - sensor: {name: All, command: cat answer, json_attributes: "rooms"}
        """)

    assert place.state("sensor.hall") == "1"
    assert place.attribute("sensor.hall", "size") == 12
    assert place.attribute("sensor.hall", "missing") is None
    assert place.attribute("sensor.hall", "other") is None
    assert place.state("sensor.all") == "unknown"
    assert place.attribute("sensor.all", "rooms")[0]["name"] == "hall"


async def test_attributes_without_json_are_told_once(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    await place.declare("command_line: [{sensor: {name: Odd, command: echo x, json_attributes: a}}]")

    await place.ask_again("sensor.odd")

    assert caplog.text.count("sensor.odd, json_attributes: expected JSON, got something else") == 1


async def test_a_sensor_of_numbers_takes_no_words(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    await place.declare("""
        command_line:
          - sensor: {name: Odd, command: echo warm, unit_of_measurement: °C}
          - sensor: {name: Late, command: echo yesterday, device_class: timestamp}
          - sensor: {name: Then, command: "echo 2026-03-10T12:00:00+01:00", device_class: timestamp}
        """)

    assert (place.state("sensor.odd"), place.state("sensor.late")) == ("unknown", "unknown")
    assert place.state("sensor.then") == "2026-03-10T11:00:00+00:00"
    assert "sensor.odd, state: expected a number, got 'warm'" in caplog.text
    assert "sensor.late, state: expected a timestamp, got 'yesterday'" in caplog.text


async def test_an_answer_that_is_no_state_is_told_once(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    await place.declare("command_line: [{sensor: {name: Long, command: seq 100}}]")

    assert await place.ask_again("sensor.long") == "unknown"
    assert caplog.text.count("sensor.long, state: it has 291 characters, and 255 fit") == 1


async def test_a_template_may_make_the_arguments(place: Place) -> None:
    place.home.states.set("input_number.depth", "3")
    await place.declare("""
        command_line:
          - sensor: {name: Depth, command: "echo {{ states('input_number.depth') }}0 | cat"}
        """)

    assert place.state("sensor.depth") == "30"


async def test_a_failure_makes_it_unavailable_until_it_works_again(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await place.declare("command_line: [{sensor: {name: Weak, command: cat answer}}]")
    assert place.state("sensor.weak") == "unavailable"
    await place.ask_again("sensor.weak")

    (place.folder / "answer").write_text("7")

    assert await place.ask_again("sensor.weak") == "7"
    told = [record.getMessage() for record in caplog.records if "Weak" in record.getMessage()]
    assert len(told) == 2
    assert "command_line sensor Weak: its command ended with status 1: cat:" in told[0]
    assert told[1] == "command_line sensor Weak answers again"


async def test_a_command_that_takes_too_long_makes_it_unavailable(place: Place) -> None:
    await place.declare("command_line: [{sensor: {name: Slow, command: sleep 60, command_timeout: 0.1}}]")

    assert place.state("sensor.slow") == "unavailable"


async def test_the_start_does_not_wait_for_a_slow_one_and_writes_nothing_it_does_not_know(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "FIRST_ANSWERS_S", 0.05)
    os.mkfifo(place.folder / "pipe")
    pipe = os.open(place.folder / "pipe", os.O_RDWR)
    await place.declare("command_line: [{sensor: {name: Slow, command: head -n1 pipe}}]")
    assert place.state("sensor.slow") is None

    os.write(pipe, b"done\n")
    await place.until("sensor.slow", lambda state: state is not None)

    assert place.state("sensor.slow") == "done"
    os.close(pipe)


async def test_it_is_asked_again_at_its_interval(place: Place) -> None:
    await place.declare("""
        command_line: [{sensor: {name: Turns, command: "echo x >> turns; wc -l < turns", scan_interval: 0.1}}]
        """)

    await place.until("sensor.turns", lambda state: state is not None and int(state.state) >= 3)


async def test_a_binary_sensor_compares_texts(place: Place) -> None:
    await place.declare("""
        command_line:
          - binary_sensor: {name: One, command: echo 1, payload_on: 1, payload_off: 0, device_class: motion}
          - binary_sensor: {name: Zero, command: echo 0, payload_on: 1, payload_off: 0}
          - binary_sensor: {name: Other, command: echo perhaps}
          - binary_sensor:
              command: echo '{"a":"ON"}'
              value_template: "{{ value_json.a }}"
        """)

    found = [place.state(f"binary_sensor.{name}") for name in ("one", "zero", "other", "binary_command_sensor")]
    assert found == ["on", "off", "unknown", "on"]


async def test_a_switch_is_turned_by_commands_and_says_what_it_is(place: Place) -> None:
    await place.declare("""
        command_line:
          - switch:
              name: Pump
              command_on: touch pump
              command_off: rm pump
              command_state: test -e pump
              icon: mdi:pump
        """)
    assert place.state("switch.pump") == "off"

    await place.call("switch.turn_on", entity_id="switch.pump")

    assert place.state("switch.pump") == "on"
    assert place.attribute("switch.pump", "assumed_state") is None
    (place.folder / "pump").unlink()
    assert await place.ask_again("switch.pump") == "off"


async def test_a_switch_with_a_template_is_on_where_that_is_true(place: Place) -> None:
    await place.declare("""
        command_line:
          - switch: {name: Pump, command_state: cat pump, value_template: "{{ value == 'runs' }}"}
        """)
    assert place.state("switch.pump") == "unknown"  # and can be turned
    (place.folder / "pump").write_text("runs")

    assert await place.ask_again("switch.pump") == "on"


async def test_a_switch_that_nobody_can_ask_is_what_it_was_told_to_be(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    await place.declare("""
        command_line:
          - switch: {name: Siren, command_on: touch siren, command_off: "false"}
        """)
    assert place.state("switch.siren") == "off"
    assert place.attribute("switch.siren", "assumed_state") is True

    await place.call("switch.turn_on", entity_id="switch.siren")
    await place.call("switch.turn_off", entity_id="switch.siren")

    assert (place.folder / "siren").exists()
    assert place.state("switch.siren") == "on"
    assert "switch.siren: its command ended with status 1" in caplog.text


async def test_a_cover_is_moved_and_says_where_it_stands(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    await place.declare("""
        command_line:
          - cover:
              name: Door
              command_open: echo 100 > door
              command_close: echo 0 > door
              command_stop: echo half > door
              command_state: cat door
          - cover: {name: Blind}
        """)

    await place.call("cover.open_cover", entity_id="cover.door")
    assert (place.state("cover.door"), place.attribute("cover.door", "current_position")) == ("open", 100)
    await place.call("cover.close_cover", entity_id="cover.door")
    assert place.state("cover.door") == "closed"
    await place.call("cover.stop_cover", entity_id="cover.door")
    assert place.state("cover.door") == "unknown"
    assert "cover.door, position: expected a number from 0 to 100, got 'half'" in caplog.text
    assert place.state("cover.blind") == "unknown"


async def test_what_cannot_be_asked_can_still_be_moved(place: Place) -> None:
    await place.declare("command_line: [{cover: {name: Door, command_open: touch opened, command_state: cat door}}]")

    await place.call("cover.open_cover", entity_id="cover.door")

    assert (place.folder / "opened").exists()
    assert place.state("cover.door") == "unknown"


async def test_a_notifier_hands_the_message_to_its_command(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    await place.declare("""
        command_line:
          - notify: {name: Loud Speaker, command: cat > said}
          - notify: {command: "false"}
        """)

    await place.call("notify.loud_speaker", message="dinner", title="Now", target="all")
    await place.call("notify.notify", message="nothing")

    assert (place.folder / "said").read_text() == "dinner"
    assert "notify.notify: its command ended with status 1" in caplog.text


async def test_the_notifier_without_a_name_gives_it_back(place: Place) -> None:
    await place.declare("command_line: [{notify: {command: cat > said}}]")
    place.write("command_line:")

    await place.call("command_line.reload")
    await place.call("notify.notify", message="again")

    assert not (place.folder / "said").exists()


async def test_a_notifier_takes_no_name_that_is_taken(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    await place.declare("command_line: [{notify: {name: send message, command: 'true'}}]")

    assert "notify.send_message is there already" in caplog.text


async def test_a_reload_keeps_what_stayed(place: Place) -> None:
    await place.declare("""
        command_line:
          - sensor: {name: Stays, command: "echo x >> turns; wc -l < turns"}
          - sensor: {name: Goes, command: echo 1}
          - notify: {name: goes, command: cat}
        """)
    assert place.home.services.has("notify", "goes")

    place.write("""
        command_line:
          - sensor: {name: Stays, command: "echo x >> turns; wc -l < turns"}
          - sensor: {name: Comes, command: echo 2}
        """)
    await place.call("command_line.reload")

    assert place.state("sensor.stays") == "1"
    assert place.state("sensor.goes") is None
    assert place.state("sensor.comes") == "2"
    assert not place.home.services.has("notify", "goes")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[{sensor: {name: A}}]", r"command_line\[0\].sensor.command: this key is required"),
        ("[{senser: {command: a}}]", r"1:\d+: command_line\[0\].senser: unknown key; did you mean 'sensor'"),
        ("[{switch: {command_on: a}}]", r"command_line\[0\].switch.name: this key is required"),
        ("[{sensor: {command: a, value_template: '{{ value'}}]", r"1:\d+: .*value_template: template"),
        ("[{sensor: {command: a, json_attributes_path: '$['}}]", r"1:\d+: .*expected a JSONPath like"),
        ("[{sensor: {command: a, scan_interval: 0}}]", r"1:\d+: .*scan_interval: expected 0.1 seconds or more, got 0"),
        ("[{sensor: {command: a, command_timeout: 0}}]", r"1:\d+: .*command_timeout: expected 0.1 to 3600, got 0"),
    ],
)
async def test_what_is_wrong_is_told_with_its_place(place: Place, text: str, told: str) -> None:
    with pytest.raises(ConfigErrors, match=told):
        await place.declare(f"command_line: {text}")


async def test_where_programs_are_not_allowed_nothing_runs_and_a_warning_says_what_mends_it(tmp_path: Path) -> None:
    place = Place(tmp_path, allow_programs=False)
    await place.declare("\ncommand_line:\n  - sensor: {name: A, command: touch there}\n")
    assert place.plugins is not None
    warnings = [str(warning) for warning in place.plugins.warnings]
    await place.close()

    assert warnings == [
        "configuration.yaml:2:1: command_line: it runs programs, which this home does not allow; to allow it, set "
        "programs: true under allow: in the configuration, and restart"
    ]
    assert place.state("sensor.a") is None
    assert not (tmp_path / "there").exists()


async def test_check_warns_where_programs_are_not_allowed_and_runs_none_where_they_are(tmp_path: Path) -> None:
    text = "command_line:\n  - sensor: {command: touch there}\n"
    (tmp_path / "configuration.yaml").write_text(text + "shell_command:\n  a: touch there\n")
    without = await check_configuration(tmp_path)
    (tmp_path / "configuration.yaml").write_text(text + "allow: {programs: true}\n")

    allowed = await check_configuration(tmp_path)

    told = [str(warning) for warning in without.warnings if "allow" in str(warning)]
    assert [warning.partition(": it runs")[0] for warning in told] == [
        "configuration.yaml:1:1: command_line",
        "configuration.yaml:3:1: shell_command",
    ]
    assert not [warning for warning in allowed.warnings if "allow" in str(warning)]
    assert (without.errors, allowed.errors) == ([], [])
    assert not (tmp_path / "there").exists()


async def test_items_in_the_old_form_are_told_where_they_belong_now(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text("sensor:\n  - platform: command_line\n    command: a\n")

    result = await check_configuration(tmp_path)

    assert "configuration.yaml:2:5: sensor items of platform command_line have no effect any more; " in "\n".join(
        map(str, result.warnings)
    )
