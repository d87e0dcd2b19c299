"""A configuration folder becomes settings, sections and warnings; what is wrong is told at once, with its place."""

import dataclasses
import re
from ipaddress import ip_network
from pathlib import Path

import pytest

from inglenook.config import settings
from inglenook.config.configuration import Configuration, read_configuration
from inglenook.config.sections import WITHOUT_EFFECT
from inglenook.config.settings import SCHEMA, Customize, Data, Http, PluginConfig, Tls
from inglenook.devices.limits import DeviceLimits
from inglenook.errors import ConfigErrors, Position
from inglenook.home import Settings


def read(folder: Path, text: str, **others: str) -> Configuration:
    (folder / "configuration.yaml").write_text(text)
    for name, content in others.items():
        (folder / f"{name}.yaml").write_text(content)
    return read_configuration(folder)


def errors_of(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigErrors) as error:
        read(folder, text)
    return [str(each) for each in error.value.errors]


def warnings_of(configuration: Configuration) -> list[str]:
    return [str(warning) for warning in configuration.warnings]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("auto", None), ("on", True), ("false", False),
        ("[192.168.1.2, 'FD00::2']", ("192.168.1.2", "fd00::2")),
    ],
)  # fmt: skip
def test_a_home_is_announced_as_a_person_says(tmp_path: Path, said: str, expected: object) -> None:
    assert read(tmp_path, f"http: {{announce: {said}}}").http.announce == expected


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("eth0", "18: http.announce: expected auto, true, false or a list of addresses of this machine, got 'eth0'"),
        (
            "[]",
            "18: http.announce: expected auto, true, false or a list of addresses of this machine, got an empty list",
        ),
        ("[hub.local]", "18: http.announce: expected an IP address like 192.168.1.2, got 'hub.local'"),
    ],
)
def test_what_cannot_be_announced_is_told(tmp_path: Path, said: str, error: str) -> None:
    assert errors_of(tmp_path, f"http: {{announce: {said}}}") == [f"configuration.yaml:1:{error}"]


def test_a_plugin_that_is_named_twice_is_one_warning(tmp_path: Path) -> None:
    configuration = read(tmp_path, "plugins:\n  - demo\n  - hue\n  - demo\n")

    assert warnings_of(configuration) == [
        "configuration.yaml:4:5: plugins[2]: plugin demo is named twice; once is enough"
    ]
    assert [(name, given.position) for name, given in configuration.plugins.items()] == [
        ("demo", Position("configuration.yaml", 2, 5)),
        ("hue", Position("configuration.yaml", 3, 5)),
    ]


# -- our own keys ---------------------------------------------------------------------------------------------------


def test_an_empty_configuration_is_a_home_with_the_defaults(tmp_path: Path) -> None:
    configuration = read(tmp_path, "")

    assert configuration.settings == Settings(config_dir=tmp_path, data_dir=tmp_path / "data")
    assert (configuration.http.host, configuration.http.port, configuration.http.tls) == ("127.0.0.1", 8123, None)
    assert configuration.devices == DeviceLimits()
    assert configuration.rules == (tmp_path / "rules",)
    assert configuration.data.synchronous == "normal"
    assert configuration.plugins == {}
    assert configuration.warnings == ()


def test_everything_a_person_may_say_arrives(tmp_path: Path) -> None:
    for name in ("rules", "more rules", "tls"):
        (tmp_path / name).mkdir()
    for name in ("cert.pem", "key.pem"):
        (tmp_path / "tls" / name).touch()
    configuration = read(
        tmp_path,
        """\
homeassistant:
  name: Cabin
  latitude: 60.1
  longitude: "24.9"
  elevation: 12
  radius: 50
  unit_system: imperial
  time_zone: Europe/Helsinki
  currency: eur
  country: FI
  language: fi
  internal_url: http://cabin.local:8123/
  external_url: https://cabin.example
  media_dirs: {local: /media}
http: {host: 0.0.0.0, port: 0, tls: {certificate: tls/cert.pem, key: ./tls/key.pem}}
devices: {rate_per_s: 5, burst: 10, grace_s: "00:01:00", max_devices: 100}
rules: [rules, more rules]
plugins:
  demo:
  hue: {host: hue.local}
data: {folder: memory, synchronous: full}
""",
    )

    assert configuration.settings == Settings(
        "Cabin", 60.1, 24.9, 12.0, 50.0, "us_customary", "Europe/Helsinki", "EUR", "FI", "fi",
        "http://cabin.local:8123", "https://cabin.example", tmp_path, tmp_path / "memory",
    )  # fmt: skip
    assert configuration.http.tls == Tls(tmp_path / "tls/cert.pem", tmp_path / "tls/key.pem")
    assert configuration.devices == DeviceLimits(rate_per_s=5, burst=10, grace_s=60, max_devices=100)
    assert configuration.rules == (tmp_path / "rules", tmp_path / "more rules")
    assert configuration.plugins == {
        "demo": PluginConfig(None, Position("configuration.yaml", 19, 3)),
        "hue": PluginConfig({"host": "hue.local"}, Position("configuration.yaml", 20, 3)),
    }
    assert configuration.data.folder == tmp_path / "memory"
    assert configuration.data.synchronous == "full"
    assert configuration.warnings == ()


def test_plugins_may_be_a_list_of_names(tmp_path: Path) -> None:
    plugins = read(tmp_path, "plugins: [demo, hue]").plugins

    assert plugins == {
        "demo": PluginConfig(None, Position("configuration.yaml", 1, 11)),
        "hue": PluginConfig(None, Position("configuration.yaml", 1, 17)),
    }


def test_the_data_folder_of_the_command_line_wins(tmp_path: Path) -> None:
    (tmp_path / "my.yaml").write_text("data: {folder: memory}")

    configuration = read_configuration(tmp_path / "my.yaml", data=tmp_path / "other")

    assert configuration.data.folder == configuration.settings.data_dir == tmp_path / "other"
    assert configuration.path == tmp_path / "my.yaml"


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = """\
homeassistant:
  latitude: 91
  time_zone: Europe/Utrecht
  unit_system: royal
  nam: x
http: {port: 70000, tls: {certificate: a}}
devices: {burst: 0, grace: 5}
rules: [5]
plugins: 5
data: {synchronous: sometimes}
"""

    assert errors_of(tmp_path, text) == [
        "configuration.yaml:2:13: homeassistant.latitude: expected -90 to 90, got 91",
        "configuration.yaml:3:14: homeassistant.time_zone: expected a time zone like Europe/Amsterdam, "
        "got 'Europe/Utrecht'",
        "configuration.yaml:4:16: homeassistant.unit_system: expected metric, us_customary or imperial; got 'royal'",
        "configuration.yaml:5:3: homeassistant.nam: unknown key; did you mean 'name'?",
        "configuration.yaml:6:14: http.port: expected 0 to 65535, got 70000",
        "configuration.yaml:6:26: http.tls.key: this key is required",
        "configuration.yaml:7:18: devices.burst: expected 1 or more, got 0",
        "configuration.yaml:7:21: devices.grace: unknown key; did you mean 'grace_s'?",
        'configuration.yaml:8:9: rules[0]: expected text, got 5; quote it: "5"',
        "configuration.yaml:9:10: plugins: expected a list of names, or a mapping, got 5",
        "configuration.yaml:10:21: data.synchronous: expected normal or full; got 'sometimes'",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a", "configuration.yaml:1:1: expected a mapping, got a list"),
        ("words", "configuration.yaml:1:1: expected a mapping, got 'words'"),
        ("a: [", "configuration.yaml:1:5: expected"),
    ],
)
def test_a_file_that_is_no_configuration_is_told(tmp_path: Path, text: str, message: str) -> None:
    assert errors_of(tmp_path, text)[0].startswith(message)


def test_a_certificate_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "key.pem").touch()

    assert errors_of(tmp_path, "http:\n  tls: {certificate: cert.pem, key: key.pem}") == [
        f"configuration.yaml:2:22: http.tls.certificate: there is no file {tmp_path}/cert.pem"
    ]


def test_a_rules_folder_that_is_not_there_is_told_and_awaited(tmp_path: Path) -> None:
    configuration = read(tmp_path, "rules:\n  - rule\n")

    assert configuration.rules == (tmp_path / "rule",)
    assert warnings_of(configuration) == ["configuration.yaml:2:5: rules[0]: there is no folder rule yet"]


def test_a_folder_without_a_configuration_is_told_with_what_helps(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match=r"there is no configuration\.yaml in this folder; `inglenook init"):
        read_configuration(tmp_path)
    with pytest.raises(ConfigErrors, match="there is no such file or folder"):
        read_configuration(tmp_path / "none")


def test_http_says_whom_it_believes(tmp_path: Path) -> None:
    http = read(
        tmp_path,
        "http: {use_x_forwarded_for: true, trusted_proxies: [10.0.0.1, 172.30.33.7/24, 2001:db8::/32], "
        "cors_allowed_origins: https://Dashboard.example/, ip_ban_enabled: false, login_attempts_threshold: -1}",
    ).http

    assert http.trusted_proxies == tuple(map(ip_network, ("10.0.0.1/32", "172.30.33.0/24", "2001:db8::/32")))
    assert http.cors_allowed_origins == ("https://dashboard.example",)
    assert (http.use_x_forwarded_for, http.ip_ban_enabled, http.login_attempts_threshold) == (True, False, -1)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("trusted_proxies: [proxy.local]", "http.trusted_proxies[0]: expected an address or network like"),
        ("cors_allowed_origins: [dashboard.example]", "http.cors_allowed_origins[0]: expected an origin like"),
        ("cors_allowed_origins: [https://a.example/x]", "http.cors_allowed_origins[0]: expected an origin like"),
        ("cors_allowed_origins: [https://a:b@c.example]", "http.cors_allowed_origins[0]: expected an origin like"),
        ("login_attempts_threshold: 0", "http.login_attempts_threshold: expected a number of log-ins from 1"),
    ],
)
def test_whom_http_cannot_believe_is_told(tmp_path: Path, said: str, error: str) -> None:
    (told,) = errors_of(tmp_path, f"http: {{{said}}}")

    assert error in told


def test_a_proxy_header_without_a_proxy_is_warned_of(tmp_path: Path) -> None:
    configuration = read(tmp_path, "http: {use_x_forwarded_for: true}")

    assert any("trusted_proxies names no proxy" in str(warning) for warning in configuration.warnings)


def test_keys_of_http_without_effect_are_told(tmp_path: Path) -> None:
    configuration = read(tmp_path, "http:\n  ssl_key: a\n  ssl_profile: modern\n")

    assert warnings_of(configuration) == [
        "configuration.yaml:2:3: http.ssl_key has no effect here; see docs/configuration.md",
        "configuration.yaml:3:3: http.ssl_profile has no effect here; see docs/configuration.md",
    ]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("server_port: 8124", ("127.0.0.1", 8124)),
        ("server_host: 127.0.0.2", ("127.0.0.2", 8123)),
        ("server_host: 127.0.0.2, host: 127.0.0.3, server_port: 8124, port: 8125", ("127.0.0.3", 8125)),
    ],
)
def test_a_home_listens_where_it_did_before_it_moved_in(tmp_path: Path, said: str, place: tuple[str, int]) -> None:
    configuration = read(tmp_path, f"http: {{{said}}}")

    assert (configuration.http.host, configuration.http.port) == place
    assert warnings_of(configuration) == []


def test_of_several_addresses_the_first_counts_and_that_is_told(tmp_path: Path) -> None:
    configuration = read(tmp_path, "http: {server_host: [127.0.0.2, '::1']}")

    assert configuration.http.host == "127.0.0.2"
    assert "listens on one address, 127.0.0.2" in warnings_of(configuration)[0]


def test_what_a_history_leaves_out_elsewhere_is_told_and_has_no_effect(tmp_path: Path) -> None:
    configuration = read(
        tmp_path, "history:\n  max: 7\n  exclude: {domains: [sun]}\nrecorder:\nlogbook: {exclude: {}}\n"
    )

    assert configuration.history.max == 7
    assert "configuration.yaml:3:3: history.exclude has no effect here; see docs/configuration.md" in warnings_of(
        configuration
    )
    assert [str(each) for each in configuration.unhandled(())] == [
        "configuration.yaml:5:1: nothing handles the key logbook; it has no effect"
    ]


# -- domains that others handle -------------------------------------------------------------------------------------


def test_labelled_keys_are_more_of_their_domain(tmp_path: Path) -> None:
    sections = read(
        tmp_path,
        "automation: !include automations.yaml\nautomation living:\n  - alias: B\n"
        "automation one: {alias: C}\nautomation 2:\n",
        automations="- alias: A\n",
    ).sections

    assert list(sections.listed("automation")) == [
        ({"alias": "A"}, Position("automations.yaml", 1, 3)),
        ({"alias": "B"}, Position("configuration.yaml", 3, 5)),
        ({"alias": "C"}, Position("configuration.yaml", 4, 17)),
    ]


def test_named_entries_come_with_their_place_and_count_once(tmp_path: Path) -> None:
    configuration = read(tmp_path, "script:\n  a: {sequence: []}\nscript more:\n  b:\n  a: {sequence: [1]}\n")

    assert list(configuration.sections.named("script")) == [
        ("a", {"sequence": []}, Position("configuration.yaml", 2, 3)),
        ("b", None, Position("configuration.yaml", 4, 3)),
    ]
    assert warnings_of(configuration) == [
        "configuration.yaml:5:3: script a stands here again (first at configuration.yaml:2:3); the first counts"
    ]


def test_packages_are_merged_and_a_bad_one_is_skipped(tmp_path: Path) -> None:
    configuration = read(
        tmp_path,
        """\
homeassistant:
  customize: {light.a: {icon: "mdi:main"}}
  packages:
    one:
      automation: [{alias: P1}]
      input_boolean: {pk: }
      homeassistant: {customize: {light.a: {icon: "mdi:package"}, light.b: {hidden: true}}, name: ignored}
      http: {port: 1}
    two: !include two.yaml
    Bad-Name: {automation: []}
    three: [1]
    four:
automation: {alias: Main}
input_boolean: {a: }
""",
        two="script: {s: {sequence: []}}\ninput_boolean: {a: {initial: true}}\n",
    )

    sections = configuration.sections

    assert [item["alias"] for item, _ in sections.listed("automation")] == ["Main", "P1"]
    assert [name for name, _, _ in sections.named("input_boolean")] == ["a", "pk"]
    assert [(name, place) for name, _, place in sections.named("script")] == [("s", Position("two.yaml", 1, 10))]
    assert configuration.customize.entities == {"light.a": {"icon": "mdi:main"}, "light.b": {"hidden": True}}
    assert configuration.settings.name == "Home"
    assert warnings_of(configuration) == [
        "configuration.yaml:8:7: package one: http has no effect in a package",
        "two.yaml:2:17: input_boolean a stands here again (first at configuration.yaml:14:17); the first counts",
        "configuration.yaml:10:5: expected a package name of a-z, 0-9 and _, got 'Bad-Name'; it is skipped",
        "configuration.yaml:11:5: package three: expected a mapping, got a list; it is skipped",
    ]


def test_a_key_that_nothing_handles_is_one_warning_with_its_place(tmp_path: Path) -> None:
    configuration = read(tmp_path, "default_config:\nfrontend:\nautomation: []\nzha:\nzha more:\nlight kitchen: []\n")

    assert [str(each) for each in configuration.unhandled({"automation"})] == [
        "configuration.yaml:4:1: nothing handles the key zha; it has no effect",
        "configuration.yaml:6:1: nothing handles the key light; it has no effect",
    ]


def test_keys_that_are_no_domains_are_told(tmp_path: Path) -> None:
    configuration = read(tmp_path, "on: 1\nLight: 1\nhttp two: {}\n")

    assert warnings_of(configuration) == [
        "configuration.yaml:1:1: expected the name of a domain, got true; it has no effect",
        "configuration.yaml:2:1: expected the name of a domain, got 'Light'; it has no effect",
        "configuration.yaml:3:1: http may stand there once, without a label; 'http two' has no effect",
    ]


# -- the cache ------------------------------------------------------------------------------------------------------


def test_the_parse_cache_lies_in_the_data_folder_and_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    read(tmp_path, "automation: !include a.yaml", a="- alias: A").cache.save()
    monkeypatch.setattr("inglenook.config.reading.build", None)

    again = read_configuration(tmp_path)

    assert [item for item, _ in again.sections.listed("automation")] == [{"alias": "A"}]


# -- what is shipped and said ---------------------------------------------------------------------------------------


def test_every_limit_of_devices_may_be_said(tmp_path: Path) -> None:
    names = [field.name for field in dataclasses.fields(DeviceLimits)]

    configuration = read(tmp_path, "devices:\n" + "".join(f"  {name}: 7\n" for name in names))

    assert configuration.devices == DeviceLimits(**dict.fromkeys(names, 7))


ROOT = Path(__file__).parents[3]
OWN = {
    "homeassistant": (*settings.HOMEASSISTANT, *settings.CUSTOMIZE, "packages"),
    "http": tuple(settings.HTTP),
    "devices": tuple(settings.DEVICES),
    "rules": (),
    "plugins": (),
    "allow": tuple(settings.ALLOW),
    "data": tuple(settings.DATA),
    "history": tuple(settings.HISTORY),
}


def test_the_example_home_is_right_and_says_nothing_but_defaults_of_our_own_keys() -> None:
    configuration = read_configuration(ROOT / "config.example.yaml")

    assert configuration.warnings == ()
    assert configuration.unhandled([]) == []
    assert configuration.http == Http()
    assert configuration.devices == DeviceLimits()
    assert configuration.rules == (ROOT / "rules",)
    assert list(configuration.plugins) == ["demo"]


def test_the_defaults_that_the_example_home_shows_are_true(tmp_path: Path) -> None:
    shown = re.sub(r"^(  +)# ( *\w+:)", r"\1\2", (ROOT / "config.example.yaml").read_text(), flags=re.MULTILINE)
    (tmp_path / "rules").mkdir()
    without_tls = re.sub(r"^ +(tls|certificate|key):.*\n", "", shown, flags=re.MULTILINE)

    configuration = read(tmp_path, without_tls)

    assert configuration.settings == dataclasses.replace(
        Settings(config_dir=tmp_path, data_dir=tmp_path / "data"), name="Example home", time_zone="Europe/Amsterdam"
    )
    assert configuration.http == Http()
    assert configuration.devices == DeviceLimits()
    assert configuration.data == Data(tmp_path / "data")


@pytest.mark.parametrize(("section", "keys"), OWN.items())
def test_every_key_stands_in_the_example_home_and_in_the_manual(section: str, keys: tuple[str, ...]) -> None:
    example = (ROOT / "config.example.yaml").read_text()
    manual = (ROOT / "docs/configuration.md").read_text()

    assert SCHEMA.schema.keys() == OWN.keys()
    for key in keys:
        assert re.search(rf"^ +(# *)?{key}:", example, re.MULTILINE), key
        assert f"| `{key}` |" in manual, key
    assert f"\n## {section}\n" in manual


def test_every_key_that_is_silently_ignored_is_in_the_manual() -> None:
    manual = (ROOT / "docs/configuration.md").read_text()

    assert [key for key in sorted(WITHOUT_EFFECT) if f"`{key}`" not in manual] == []


MANUAL_EXAMPLES = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/configuration.md").read_text(), re.DOTALL)


@pytest.mark.parametrize("text", MANUAL_EXAMPLES)
def test_every_example_of_the_manual_is_right(tmp_path: Path, text: str) -> None:
    for name in ("config/scripts", "config/rules", "config/tls", "family/rules"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("certificate.pem", "key.pem"):
        (tmp_path / "config" / "tls" / name).touch()

    configuration = read(tmp_path / "config", text, automations="[]")

    assert configuration.warnings == ()
    assert configuration.unhandled({"automation", "script", "input_boolean"}) == []


def test_what_a_home_may_do_beyond_itself_is_said_in_its_own_file(tmp_path: Path) -> None:
    package = "homeassistant: {packages: {some: {allow: {programs: true}}}}"
    closed, opened = read(tmp_path, package), read(tmp_path, "allow: {programs: true}")

    assert not closed.settings.allow_programs
    assert "package some: allow has no effect in a package" in str(closed.warnings[0])
    assert opened.settings.allow_programs


def test_customizing_an_id_wins_over_a_pattern_and_that_over_the_domain() -> None:
    customize = Customize(
        entities={"light.hall": {"a": "id"}, "light.attic": None},
        domains={"light": {"a": "domain", "b": "domain", "c": "domain"}},
        globs={"*.h*": {"a": "glob", "b": "first"}, "light.*l": {"b": "glob"}},
    )

    assert customize.attributes_of("light.hall") == {"a": "id", "b": "glob", "c": "domain"}
    assert customize.attributes_of("light.attic") == {"a": "domain", "b": "domain", "c": "domain"}
    assert customize.attributes_of("switch.x") == {}


def test_a_device_class_that_an_entity_does_not_have_is_told_where_it_is_customized(tmp_path: Path) -> None:
    customized = "{sensor.a: {device_class: temprature}, light.b: {device_class: any}, cover.c: {device_class: gate}}"

    configuration = read(tmp_path, f"homeassistant:\n  customize: {customized}\n")

    where = "configuration.yaml:2:40: homeassistant.customize.sensor.a.device_class: "
    assert f"{where}there is no device class 'temprature' of a sensor; did you mean 'temperature'?" in warnings_of(
        configuration
    )
