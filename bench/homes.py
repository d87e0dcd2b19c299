"""Configuration folders with many rules, the same at every call."""

from pathlib import Path
from typing import Final

_CONFIGURATION: Final = "homeassistant: {name: Bench, time_zone: Europe/Amsterdam}\nhttp: {port: 0}\nrules: [rules]\n"
_RULE: Final = """\
- id: rule_{n}
  alias: Rule {n}
  mode: single
  triggers:
    - trigger: state
      entity_id: binary_sensor.motion_{n}
      to: "on"
  conditions:
    - condition: state
      entity_id: input_boolean.armed_{n}
      state: "on"
    - condition: numeric_state
      entity_id: sensor.light_{n}
      below: {bound}
  actions:
    - action: light.turn_on
      target:
        entity_id: light.lamp_{n}
      data:
        brightness_pct: 60
    - delay: "00:05:00"
    - action: light.turn_off
      target:
        entity_id: light.lamp_{n}
"""


def write_home(folder: Path, rules: int) -> Path:
    """Make a configuration folder with so many rules, none when 0; return the file that holds them."""
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    (folder / "configuration.yaml").write_text(_CONFIGURATION)
    path = folder / "rules" / "all.yaml"
    if rules:
        path.write_text("".join(rule_text(number) for number in range(rules)))
    return path


def rule_text(number: int, bound: int = 40) -> str:
    """Return one rule; ``bound`` makes it another."""
    return _RULE.format(n=number, bound=bound)
