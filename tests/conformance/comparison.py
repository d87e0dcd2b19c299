"""Whether what this engine did is what was recorded: the rules of the format's own comparator, in order by default."""

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

Outcome = Mapping[str, Any]

TIME_TOLERANCE_S: Final = 0.05
NUMBER_TOLERANCE: Final = 1e-6
_OPTIONAL: Final = {"automation_triggered": ("source",)}


def compare(expected: Outcome, actual: Outcome, tags: Iterable[str] = ()) -> list[str]:
    """Return the differences of two outcomes of a scenario; none is a pass."""
    if expected.get("config_error") or actual.get("config_error"):
        is_same = bool(expected.get("config_error")) == bool(actual.get("config_error"))
        return [] if is_same else [f"configuration refused: expected {bool(expected.get('config_error'))}"]
    compare_records = _loose if "order_loose" in tags else _in_order
    return [
        *compare_records(_records(expected), _records(actual)),
        *_sets("invalid", expected, actual),
        *_sets("setup_failed", expected, actual),
        *_responses(expected, actual),
        *_step_errors(expected, actual),
        *_final(expected.get("final") or {}, actual.get("final") or {}),
    ]


def compare_template(expected: Outcome, actual: Outcome) -> list[str]:
    """Return the differences of two outcomes of a template."""
    if "error" in expected:
        return [] if "error" in actual else [f"should fail, gave {actual}"]
    if "error" in actual:
        return [f"failed with {actual['error']}, expected {expected['type']} {expected['value']!r}"]
    return [
        f"{key}: expected {expected[key]!r}, got {actual[key]!r}"
        for key in ("type", "value", "text")
        if not is_same(expected[key], actual[key])
    ]


def is_same(a: Any, b: Any) -> bool:
    """Whether two values are equal: numbers by size, never a number and a bool or a text."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, int | float) and isinstance(b, int | float):
        if math.isnan(a):
            return math.isnan(b)
        return abs(a - b) <= NUMBER_TOLERANCE * max(1.0, abs(a), abs(b))
    if isinstance(a, dict) and isinstance(b, dict):
        if set(a) == {"$t"} == set(b):
            return abs(float(a["$t"]) - float(b["$t"])) <= TIME_TOLERANCE_S
        by_text = {str(key): value for key, value in b.items()}
        return set(map(str, a)) == set(by_text) and all(is_same(value, by_text[str(key)]) for key, value in a.items())
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(is_same, a, b))
    return type(a) is type(b) and bool(a == b)


def _records(outcome: Outcome) -> list[dict[str, Any]]:
    return [_normal(record) for record in outcome.get("records") or []]


def _normal(record: Mapping[str, Any]) -> dict[str, Any]:
    normal = dict(record)
    if "target" in normal:
        normal["target"] = {
            key: sorted(ids if isinstance(ids, list) else [ids], key=str) for key, ids in normal["target"].items()
        }
    if (left_out := _OPTIONAL.get(normal.get("event", ""))) and "data" in normal:
        normal["data"] = {key: value for key, value in normal["data"].items() if key not in left_out}
    return normal


def _is_same_record(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    if set(a) != set(b) or abs(a["t"] - b["t"]) > TIME_TOLERANCE_S:
        return False
    return all(is_same(a[key], b[key]) for key in a if key != "t")


def _in_order(expected: list[dict[str, Any]], actual: list[dict[str, Any]]) -> list[str]:
    for index in range(max(len(expected), len(actual))):
        want = expected[index] if index < len(expected) else None
        got = actual[index] if index < len(actual) else None
        if want is None or got is None or not _is_same_record(want, got):
            return [f"record {index}: expected {_shown(want)}, got {_shown(got)}"]
    return []


def _loose(expected: list[dict[str, Any]], actual: list[dict[str, Any]]) -> list[str]:
    rest = list(actual)
    differences = []
    for want in expected:
        match = next((index for index, got in enumerate(rest) if _is_same_record(want, got)), None)
        if match is None:
            differences.append(f"record missing: {_shown(want)}")
        else:
            del rest[match]
    return differences + [f"record too many: {_shown(got)}" for got in rest]


def _sets(key: str, expected: Outcome, actual: Outcome) -> list[str]:
    want, got = sorted(expected.get(key) or ()), sorted(actual.get(key) or ())
    return [] if want == got else [f"{key}: expected {want}, got {got}"]


def _responses(expected: Outcome, actual: Outcome) -> list[str]:
    want, got = expected.get("responses") or [], actual.get("responses") or []
    return [] if is_same(want, got) else [f"responses: expected {want}, got {got}"]


def _step_errors(expected: Outcome, actual: Outcome) -> list[str]:
    want, got = (sorted((e["step"], e["kind"]) for e in o.get("step_errors") or []) for o in (expected, actual))
    return [] if want == got else [f"step_errors: expected {want}, got {got}"]


def _final(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> list[str]:
    differences = []
    for entity_id, want in expected.items():
        got = actual.get(entity_id)
        if want is None or got is None:
            if want is not got:
                differences.append(f"final {entity_id}: expected {want}, got {got}")
            continue
        if not is_same(want["state"], got["state"]):
            differences.append(f"final {entity_id}: expected {want['state']!r}, got {got['state']!r}")
        attributes = got.get("attributes") or {}
        differences += [
            f"final {entity_id}.{name}: expected {value!r}, got {attributes.get(name)!r}"
            for name, value in (want.get("attributes") or {}).items()
            if not is_same(value, attributes.get(name))
        ]
    return differences


def _shown(record: Any) -> str:
    return json.dumps(record, default=str, ensure_ascii=False)
