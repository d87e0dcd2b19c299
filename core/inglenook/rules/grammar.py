"""The grammar: validates automations and all that is in them, with every error at once and its path."""

from collections.abc import Callable, Collection, Mapping
from hashlib import sha256
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import (
    Validator,
    between,
    boolean,
    icon,
    integer,
    is_template,
    near_miss,
    nearest,
    one_of,
    shown,
    string,
    text,
)
from inglenook.rules.fields import fields
from inglenook.rules.kinds import Config, Kinds, Vocabulary
from inglenook.rules.shape import MAPPINGS, KeyFault, Shape, Shaped, anything, each, gathered, named, switch
from inglenook.version import __version__

MODES: Final = ("single", "restart", "queued", "parallel")
DEFAULT_MAX: Final = 10
DEFAULT_STORED_TRACES: Final = 5
LOG_LEVELS: Final = ("silent", "notset", "debug", "info", "warn", "warning", "error", "fatal", "critical")

# Keys that tell by themselves which kind of trigger or condition is meant.
_TELLTALES: Final = {
    "above": "numeric_state", "at": "time", "below": "numeric_state", "event_type": "event", "from": "state",
    "hours": "time_pattern", "minutes": "time_pattern", "seconds": "time_pattern", "state": "state", "to": "state",
    "value_template": "template", "webhook_id": "webhook",
}  # fmt: skip

_LOGICAL: Final = ("and", "or", "not")
_NEVER_MARKS: Final = frozenset({"data_template"})  # it belongs to an action, and looks like wait_template
_OF_TRIGGERS: Final = Shape(
    {"id": text, "alias": text, "enabled": switch, "variables": named, "note": anything},
)
_OF_CONDITIONS: Final = Shape({"alias": string, "enabled": switch, "note": anything})
_OF_ACTIONS: Final = Shape({"alias": string, "enabled": switch, "note": anything, "continue_on_error": boolean})


_PARTS: Final = {"conditions": "condition", "actions": "action"}  # of an automation, with the older spelling


def _level(value: Any) -> str:
    return str(one_of(*LOG_LEVELS)(string(value).lower()))


def _automation(triggers: Validator, conditions: Validator, actions: Validator) -> Shape:
    return Shape(
        {
            "id": text,
            "alias": string,
            "description": string,
            "initial_state": boolean,
            "hide_entity": boolean,
            **_runs(),
            "variables": named,
            "trigger_variables": named,
            vol.Required("triggers"): triggers,
            vol.Optional("conditions", default=[]): conditions,
            vol.Required("actions"): actions,
        },
        spelled={"trigger": "triggers", "condition": "conditions", "action": "actions"},
    )


def _script(actions: Validator) -> Shape:
    return Shape(
        {
            "alias": string,
            "icon": icon,
            "description": string,
            **_runs(),
            "variables": named,
            "fields": fields,
            vol.Required("sequence"): actions,
        }
    )


def _runs() -> dict[Any, Validator]:
    """Return the keys that say how a rule's runs are let in and kept."""
    return {
        vol.Optional("mode", default="single"): one_of(*MODES),
        vol.Optional("max", default=DEFAULT_MAX): between(integer, 2),
        vol.Optional("max_exceeded", default="warning"): _level,
        "trace": Shape({"stored_traces": between(integer, 0)}),
    }


def _fingerprint(vocabulary: Vocabulary) -> bytes:
    """Return what tells this grammar from that of another version, or of another set of plugins."""
    kinds = (
        sorted(_told_apart_by(names)) for names in (vocabulary.triggers, vocabulary.conditions, vocabulary.actions)
    )
    return sha256(repr((__version__, *kinds)).encode()).digest()


def _told_apart_by(kinds: Mapping[str, object]) -> Mapping[str, object]:
    """Return the kinds that say which these are; what is loaded late is the same in one version."""
    return kinds.at_hand if isinstance(kinds, Kinds) else kinds


class _Schemas(dict[str, Validator]):
    """Validators of kinds by name, each made when it is first needed."""

    def __init__(self, kinds: Mapping[str, Any], grammar: "RuleGrammar") -> None:
        super().__init__()
        self.kinds = kinds
        self._grammar = grammar

    def __missing__(self, name: str) -> Validator:
        made: Validator = self.kinds[name].schema(self._grammar)
        self[name] = made
        return made


class RuleGrammar:
    """The validators of one vocabulary; ``fingerprint`` tells one from another."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._triggers = _Schemas(vocabulary.triggers, self)
        self._conditions = _Schemas(vocabulary.conditions, self)
        self._actions = _Schemas(vocabulary.actions, self)
        self._may_continue = {name for name, kind in vocabulary.actions.items() if kind.may_continue}
        self.fingerprint = _fingerprint(vocabulary)
        self._automation = _automation(self.triggers, self.conditions, self.actions)
        self._outline = _automation(self.triggers, anything, anything)
        self._script = _script(self.actions)
        self.conditions_of = each(self.condition)
        self.actions_of = each(self.action)

    def automation(self, value: Any) -> Shaped:
        """Validate an automation."""
        return self._automation(value)

    def outline(self, value: Any) -> Shaped:
        """Validate an automation but for its conditions and actions, which stay as they are."""
        return self._outline(value)

    def outlined(self, whole: Shaped) -> Shaped:
        """Return a validated automation as :meth:`outline` makes it, so that its parts take no memory twice."""
        raw = whole.raw
        parts = {key: raw[said] for key, older in _PARTS.items() for said in (key, older) if said in raw}
        return Shaped({**whole, **parts}, raw)

    def script(self, value: Any) -> Shaped:
        """Validate a script."""
        return self._script(value)

    def triggers(self, value: Any) -> list[Config]:
        """Validate one trigger or a list; an item that holds nothing but ``triggers`` stands for them."""
        found: list[Config] = []
        errors: list[vol.Invalid] = []
        is_list = isinstance(value, list)
        for index, item in enumerate(value if is_list else [] if value is None else [value]):
            try:
                if isinstance(item, MAPPINGS) and len(item) == 1 and "triggers" in item:
                    found += self._nested_triggers(item["triggers"])
                else:
                    found.append(self.trigger(item))
            except vol.Invalid as error:
                error.prepend([index] if is_list else [])
                errors.append(error)
        if errors:
            raise gathered(errors)
        return found

    def trigger(self, value: Any) -> Shaped:
        """Validate one trigger."""
        if not isinstance(value, MAPPINGS):
            raise vol.Invalid(f"expected a trigger, got {shown(value)}")
        if "trigger" in value and "platform" in value:
            raise vol.Invalid("'platform' and 'trigger' are the same thing; keep 'trigger'")
        if "trigger" not in value and "platform" not in value:
            _refuse_misspelt(value, ("trigger", "platform"), _OF_TRIGGERS, self.trigger)
            _refuse_nameless(value, "trigger", self._triggers, self.trigger)
        mark = "platform" if "platform" in value else "trigger"
        name, schema = _chosen(value, mark, self._triggers, "trigger")
        return _joined(value, {"trigger": name}, {mark}, _OF_TRIGGERS, schema)

    def conditions(self, value: Any) -> list[Config]:
        """Validate one condition or a list."""
        found: list[Config] = self.conditions_of(value)
        return found

    def condition(self, value: Any) -> Shaped:
        """Validate one condition: a mapping, a text with a template, or ``and:``, ``or:``, ``not:``."""
        if is_template(value):
            return Shaped({"condition": "template", "value_template": str(value)}, {})
        if not isinstance(value, MAPPINGS):
            raise vol.Invalid(f"expected a condition (a mapping, or text with a template), got {shown(value)}")
        if "condition" not in value:
            if not any(name in value for name in _LOGICAL):
                _refuse_misspelt(value, ("condition", *_LOGICAL), _OF_CONDITIONS, self.condition)
                _refuse_nameless(value, "condition", self._conditions, self.condition)
            return self._logical(value)
        if isinstance(value["condition"], list):
            return self._logical({**value, "and": value["condition"]}, "condition")
        name, schema = _chosen(value, "condition", self._conditions, "condition")
        return _joined(value, {"condition": name}, {"condition"}, _OF_CONDITIONS, schema)

    def actions(self, value: Any) -> list[Config]:
        """Validate one action or a list."""
        found: list[Config] = self.actions_of(value)
        return found

    def action(self, value: Any) -> Shaped:
        """Validate one action; its kind is the first of the marking keys that it has."""
        if not isinstance(value, MAPPINGS):
            raise vol.Invalid(f"expected an action, got {shown(value)}")
        kind = next((mark for mark in self._actions.kinds if mark in value), None)
        if kind is None:
            _refuse_misspelt(value, self._actions.kinds, _OF_ACTIONS, self.action)
            raise vol.Invalid(f"this is no action: expected one of the keys {', '.join(self._actions.kinds)}")
        common = _OF_ACTIONS if kind in self._may_continue else _OF_CONDITIONS
        result = _joined(value, {}, set(), common, self._actions[kind])
        result.kind = kind
        return result

    def _nested_triggers(self, value: Any) -> list[Config]:
        try:
            return self.triggers(value)
        except vol.Invalid as error:
            error.prepend(["triggers"])
            raise

    def _logical(self, value: Mapping[str, Any], also: str = "") -> Shaped:
        """Validate ``{and: […]}`` and its like."""
        found = [name for name in _LOGICAL if name in value]
        if len(found) != 1:
            raise vol.Invalid("expected a key 'condition', or one of 'and', 'or', 'not'")
        name = found[0]

        def schema(own: Mapping[str, Any]) -> Mapping[str, Any]:
            return Shape({name: self.conditions})(own)

        result = _joined(value, {"condition": name}, {also}, _OF_CONDITIONS, schema)
        result["conditions"] = result.pop(name)
        return result


def _refuse_misspelt(
    value: Mapping[str, Any], marks: Collection[str], common: Shape, validate: Callable[[Mapping[str, Any]], Any]
) -> None:
    """Raise ``vol.Invalid`` if a key of ``value``, which has none of ``marks``, looks like one of them.

    What is wrong beside it is told too: the rest is looked at as if the key were spelt right.
    """
    for key in value:
        mark = None if key in common or key in _NEVER_MARKS else nearest(key, marks)
        if mark is None:
            continue
        errors: list[vol.Invalid] = [KeyFault(f"unknown key; did you mean {mark!r}?", [key])]
        try:
            validate({mark if name == key else name: item for name, item in value.items()})
        except vol.Invalid as error:
            errors += gathered([error]).errors
        for fault in errors:
            if fault.path and fault.path[0] == mark:
                fault.path[0] = key
        raise gathered(errors)


def _refuse_nameless(
    value: Mapping[str, Any], mark: str, known: _Schemas, validate: Callable[[Mapping[str, Any]], Any]
) -> None:
    """Raise ``vol.Invalid`` if a key of ``value``, which has no ``mark``, tells which kind it is meant to be.

    What is wrong beside it is told too.
    """
    name = next((_TELLTALES[key] for key in value if key in _TELLTALES and _TELLTALES[key] in known.kinds), None)
    if name is None:
        return
    message = f"expected a key {mark!r} that says which kind of {mark} this is; it looks like '{mark}: {name}'"
    errors: list[vol.Invalid] = [vol.Invalid(message)]
    try:
        validate({mark: name, **value})
    except vol.Invalid as error:
        errors += gathered([error]).errors
    raise gathered(errors)


def _chosen(value: Mapping[str, Any], mark: str, known: _Schemas, what: str) -> tuple[str, Validator]:
    """Return the kind that ``value`` names and its validator."""
    if mark not in value:
        raise vol.Invalid(f"expected a key {mark!r} that says which kind of {what} this is")
    name = value[mark]
    if not isinstance(name, str):
        raise vol.Invalid(f"expected the kind of {what}, got {shown(name)}", [mark])
    try:
        return name, known[name]
    except KeyError:
        hint = near_miss(name, known.kinds) or "; a plugin may bring it"
        raise vol.Invalid(f"there is no {what} {name!r}{hint}", [mark]) from None


def _joined(
    value: Mapping[str, Any], marks: Mapping[str, Any], without: set[str], common: Shape, own: Validator
) -> Shaped:
    """Validate the common keys and those of the kind, each by its own schema, and return them as one mapping."""
    result = Shaped(marks, value)
    errors: list[vol.Invalid] = []
    shared, rest = {}, {}
    for key, item in value.items():
        if key in common:
            shared[key] = item
        elif key not in without:
            rest[key] = item
    for validate, part in ((common, shared), (own, rest)) if shared or not common.is_free else ((own, rest),):
        try:
            result.update(validate(part))
        except vol.Invalid as error:
            errors.append(error)
    if errors:
        raise gathered(errors)
    return result
