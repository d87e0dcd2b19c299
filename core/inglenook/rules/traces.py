"""Traces: the last runs of a rule, and the firings that no run came of, as plain values in the words of the dialect.

Those of before the home was started again come first, as far as there is room for them.
What a trace shows is put together when somebody looks; a run itself notes no more than where it was and when, what came
out where, and which variables it set.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from ulid_transform import bytes_to_ulid, ulid_at_time_bytes

from inglenook.config.values import is_template
from inglenook.model import Context, Event, State
from inglenook.rules.automation import AutomationEntity, Refusal
from inglenook.rules.description import step_at
from inglenook.rules.firing import MANUAL, Firing
from inglenook.rules.former_traces import FormerTraces
from inglenook.rules.rule import Rule
from inglenook.rules.rule_entity import RuleEntity
from inglenook.rules.run import Assigned, Outcome, Run

Trace = dict[str, Any]
Element = dict[str, Any]

MAX_DEPTH: Final = 8  # of what a variable holds
MAX_ITEMS: Final = 500

_RULE_DEPTH: Final = 100  # rules may be as deep as they like

_BEFORE_CONDITIONS: Final = ("loop", "variables")  # places of refusals that came before any condition was asked
_SERVICE: Final = ("action", "service", "service_template")


def traces(rule: RuleEntity) -> list[Trace]:
    """Return every trace that is kept of a rule in short, the oldest first.

    Each has ``run_id``, ``domain``, ``item_id``, ``state`` (``running`` or ``stopped``), ``script_execution`` (how it
    ended, None while it runs), ``timestamp`` (``start`` and ``finish``, ISO texts), ``last_step`` and, where there is
    one, ``trigger`` (why it ran) and ``error``.
    """
    found = [_of_run(rule, run) for run in rule.traces]
    found += [_of_refusal(rule, refusal) for refusal in _refusals(rule)]
    return [*shown_former(rule).shorts, *sorted(found, key=_start)]


def trace(rule: RuleEntity, run_id: str) -> Trace | None:
    """Return a trace of a rule with all that is known of it; None if there is none of that id.

    Beside what :func:`traces` gives it has ``trace`` (by path a list of elements with ``path``, ``timestamp``,
    ``changed_variables``, ``result`` and ``error``), ``config``, ``blueprint_inputs`` and ``context``.
    """
    for run in rule.traces:
        if run.id == run_id:
            return _of_run(rule, run) | _whole_run(rule, run) | _written(rule, run.config)
    for refusal in _refusals(rule):
        if _refusal_id(rule, refusal) == run_id:
            return _of_refusal(rule, refusal) | _whole_refusal(rule, refusal) | _written(rule)
    return shown_former(rule).trace(run_id)


def fresh_traces(rule: RuleEntity) -> list[tuple[Trace, Trace]]:
    """Return every trace since the home was started, the oldest first: in short, and what else is known of it.

    The latter is without what :func:`written` says, unless the rule was another then.
    """
    found = [
        (_of_run(rule, run), _whole_run(rule, run) | ({} if run.config is None else _written(rule, run.config)))
        for run in rule.traces
    ]
    found += [(_of_refusal(rule, refusal), _whole_refusal(rule, refusal)) for refusal in _refusals(rule)]
    return sorted(found, key=lambda pair: _start(pair[0]))


def shown_former(rule: RuleEntity) -> FormerTraces:
    """Return the traces of earlier starts for which those since leave room."""
    return rule.former_traces.newest(max(0, rule.stored_traces - len(rule.traces)))


def written(rule: RuleEntity) -> Trace:
    """Return a rule as traces show it: ``config`` and ``blueprint_inputs``."""
    return _written(rule)


def run_ids(rule: RuleEntity) -> dict[str, str]:
    """Return the ids of the runs of which a trace is kept, by the id of the context of what each did."""
    return {run.context.id: run.id for run in rule.traces}


def finished_at(run: Run) -> float | None:
    """Return when a run ended, in monotonic seconds; None while it goes on."""
    if run.outcome is Outcome.RUNNING:
        return None
    if run.ended_at is not None:
        return run.ended_at
    return run.trace[-1][1] if run.trace else run.started_at  # it never waited, so no time passed since


def plain(value: Any, depth: int = 0) -> Any:
    """Return a value as JSON knows it; what is too deep or of another kind as text, what is too long cut off."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, State):
        return plain(value.as_dict(), depth)
    if isinstance(value, Context):
        return {"id": value.id, "parent_id": value.parent_id, "user_id": value.user_id}
    if isinstance(value, Event):
        names = ("event_type", "data", "origin", "time_fired", "context")
        return {name: plain(getattr(value, name), depth + 1) for name in names}
    if depth < MAX_DEPTH and isinstance(value, Mapping):
        return {str(key): plain(item, depth + 1) for key, item in list(value.items())[:MAX_ITEMS]}
    if depth < MAX_DEPTH and isinstance(value, list | tuple | set | frozenset):
        return [plain(item, depth + 1) for item in list(value)[:MAX_ITEMS]]
    return value.isoformat() if isinstance(value, datetime) else str(value)


# -- runs -------------------------------------------------------------------------------------------------------------


def _of_run(rule: RuleEntity, run: Run) -> Trace:
    is_running = run.outcome is Outcome.RUNNING
    end = finished_at(run)
    short: Trace = {
        "last_step": run.place or (None if run.firing is None else _trigger_path(run.firing)),
        "run_id": run.id,
        "state": "running" if is_running else "stopped",
        "script_execution": None if is_running else run.outcome.value,
        "timestamp": {
            "start": _iso(run.began),
            "finish": None if end is None else _iso(run.moment(end)),
        },
        "domain": rule.domain,
        "item_id": rule.unique_id,
    }
    return short | _cause(run.firing) | ({"error": run.error} if run.error else {})


def _whole_run(rule: RuleEntity, run: Run) -> Trace:
    config = _config(rule) if run.config is None else run.config
    elements = _Elements(config, run)
    elements.begin()
    for path, at, result in run.trace:
        elements.take(path, at, result)
    return {"trace": elements.by_path, "context": plain(run.context)}


class _Elements:
    """Puts together the elements of a trace, by their paths."""

    def __init__(self, config: Mapping[str, Any], run: Run) -> None:
        self.by_path: dict[str, list[Element]] = {}
        self._config = config
        self._run = run
        self._ahead: dict[str, Any] = {}  # variables that belong to the next step

    def begin(self) -> None:
        """Take what came before the first step: the trigger, and the conditions, all of which held."""
        run = self._run
        first = plain({name: value for name, value in run.variables_at_start().items() if name != "context"})
        if run.firing is None:
            self._ahead = first
            return
        changed = {**first, "trigger": plain(run.firing.payload)}
        self._add(_trigger_path(run.firing), run.started_at, changed_variables=changed)
        if not run.is_unconditional:
            for index in _conditions(self._config):
                self._add(f"condition/{index}", run.started_at, result={"result": True})

    def take(self, path: str, at: float, result: Any) -> None:
        """Take what a run has noted."""
        if result is None:
            ahead, self._ahead = self._ahead, {}
            self._add(path, at, **({"changed_variables": ahead} if ahead else {}))
        elif isinstance(result, Assigned) and result.values.keys() == {"repeat"}:
            self._ahead |= plain(result.values)
        elif path in self.by_path:
            self._add_to(self.by_path[path][-1], at, result)

    def _add(self, path: str, at: float, **more: Any) -> None:
        element = {"path": path, "timestamp": _iso(self._run.moment(at)), **more}
        params = _params(step_at(self._config, path))
        self.by_path.setdefault(path, []).append(element | ({"result": {"params": params}} if params else {}))

    def _add_to(self, element: Element, at: float, result: Any) -> None:
        path: str = element["path"]
        if isinstance(result, Assigned):
            element.setdefault("changed_variables", {}).update(plain(result.values))
            if "wait" in result.values:
                element.setdefault("result", {})["wait"] = plain(result.values["wait"])
        elif isinstance(result, Exception):
            element["error"] = str(result) or type(result).__name__
        else:
            element.setdefault("result", {}).update(self._result(path, at, result))

    def _result(self, path: str, at: float, result: Any) -> dict[str, Any]:
        """Return what came out of a step in the words of its kind; choices get elements of their own."""
        step = step_at(self._config, path)
        kind = step if isinstance(step, Mapping) else {}
        if "choose" in kind:
            if isinstance(result, int):
                for index in range(result + 1):
                    self._add(f"{path}/choose/{index}", at, result={"result": index == result})
            return {"choice": result}
        if "if" in kind:
            self._add(f"{path}/if", at, result={"result": result})
            return {"choice": "then" if result else "else"}
        if result == "timeout":
            return {"timeout": True}
        return {"result": plain(result)}


# -- firings that no run came of --------------------------------------------------------------------------------------


def _refusals(rule: RuleEntity) -> Iterable[Refusal]:
    return rule.refusals if isinstance(rule, AutomationEntity) else ()


def _of_refusal(rule: RuleEntity, refusal: Refusal) -> Trace:
    at = _iso(refusal.at)
    short: Trace = {
        "last_step": refusal.place if refusal.place.startswith("condition/") else _trigger_path(refusal.firing),
        "run_id": _refusal_id(rule, refusal),
        "state": "stopped",
        "script_execution": _why(refusal),
        "timestamp": {"start": at, "finish": at},
        "domain": rule.domain,
        "item_id": rule.unique_id,
    }
    return short | _cause(refusal.firing) | ({"error": refusal.error} if refusal.place in _BEFORE_CONDITIONS else {})


def _whole_refusal(rule: RuleEntity, refusal: Refusal) -> Trace:
    at = _iso(refusal.at)
    path = _trigger_path(refusal.firing)
    changed = {"trigger": plain(refusal.firing.payload)}
    elements: dict[str, list[Element]] = {path: [{"path": path, "timestamp": at, "changed_variables": changed}]}
    config = _config(rule)
    for index in () if refusal.place in _BEFORE_CONDITIONS else _conditions(config):
        place = f"condition/{index}"
        is_last = place == refusal.place
        outcome = {"error": refusal.error} if is_last and refusal.error else {"result": {"result": not is_last}}
        elements[place] = [{"path": place, "timestamp": at, **outcome}]
        if is_last:
            break
    return {"trace": elements, "context": plain(refusal.firing.context)}


def _why(refusal: Refusal) -> str:
    if refusal.place.startswith("condition/"):
        return "failed_conditions"
    return "error" if refusal.place == "variables" else refusal.place


def _refusal_id(rule: RuleEntity, refusal: Refusal) -> str:
    """Return a ULID that is always the same for a refusal."""
    about = f"{rule.entity_id} {refusal.at} {refusal.place}"
    return bytes_to_ulid(ulid_at_time_bytes(refusal.at)[:6] + sha256(about.encode()).digest()[:10])


# -- both -------------------------------------------------------------------------------------------------------------


def _start(trace: Trace) -> str:
    return str(trace["timestamp"]["start"])


def _trigger_path(firing: Firing) -> str:
    return "trigger" if firing.common is MANUAL else f"trigger/{firing.common.get('idx', 0)}"


def _cause(firing: Firing | None) -> Trace:
    return {} if firing is None else {"trigger": firing.description}


def _config(rule: RuleEntity) -> Mapping[str, Any]:
    return rule.rule.raw if isinstance(rule.rule, Rule) else {}


def _written(rule: RuleEntity, config: Mapping[str, Any] | None = None) -> Trace:
    """Return the rule as it is carried out and, of one that is made of a blueprint, as it was written.

    ``config``: as it was then; None if it is the same now.
    """
    config = _config(rule) if config is None else config
    written = rule.rule.written if isinstance(rule.rule, Rule) and rule.rule.raw is config else None
    return {"config": plain(config, -_RULE_DEPTH), "blueprint_inputs": plain(written, -_RULE_DEPTH)}


def _conditions(config: Mapping[str, Any]) -> Iterator[int]:
    """Yield the indexes of the conditions of a rule that take part."""
    given = config.get("conditions", config.get("condition"))
    listed = given if isinstance(given, list) else [] if given is None else [given]
    for index, one in enumerate(listed):
        if not isinstance(one, Mapping) or one.get("enabled") is not False:
            yield index


def _params(step: Any) -> dict[str, Any] | None:
    """Return what a step calls, and with what, unless it has templates in it."""
    if not isinstance(step, Mapping):
        return None
    name = next((step[key] for key in _SERVICE if key in step), None)
    data, target = step.get("data") or {}, step.get("target") or {}
    if name is None or any(_has_template(part) for part in (name, data, step.get("data_template"), target)):
        return None
    if "entity_id" in step:
        target = {"entity_id": step["entity_id"]}
    domain, _, service = str(name).partition(".")
    return {"domain": domain, "service": service, "service_data": plain(data), "target": plain(target)}


def _has_template(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_template, value.values()))
    return any(map(_has_template, value)) if isinstance(value, list) else is_template(value)


def _iso(moment: float) -> str:
    """Return a moment, in seconds since the epoch, as ISO text."""
    return datetime.fromtimestamp(moment, UTC).isoformat()
