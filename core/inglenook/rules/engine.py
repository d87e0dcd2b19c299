"""The rule engine: checks rules, takes them in, swaps them for new versions, and ends them.

```python
engine = RuleEngine(home, Templates(home))
engine.swap("rules/hall.yaml", [engine.check(raw, position)])
engine.start()
```
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import voluptuous as vol

from inglenook.errors import ConfigError, Position
from inglenook.home import Home
from inglenook.model import STATE_UNAVAILABLE
from inglenook.registry import DeviceEntry, EntityEntry
from inglenook.registry.entries import AnyEntry
from inglenook.rules.automation import AutomationEntity
from inglenook.rules.faults import fault, schema_faults
from inglenook.rules.grammar import RuleGrammar
from inglenook.rules.index import EventIndex, StateIndex
from inglenook.rules.kinds import Vocabulary
from inglenook.rules.references import Names, devices, mentions, paths_to
from inglenook.rules.rule import InvalidRule, Rule, RuleInfo, RunRecord, SwapReport, is_same
from inglenook.rules.rule_entity import RuleEntity, Surroundings, epoch_of
from inglenook.rules.run import Run
from inglenook.rules.scripts import Scripts
from inglenook.rules.services import DOMAIN, register_services
from inglenook.rules.slips import slips
from inglenook.rules.vocabulary import BUNDLED
from inglenook.rules.waiting import waiting_parts
from inglenook.rules.workshop import Workshop
from inglenook.rules.writing import StateWriter
from inglenook.templates import Templates

GONE_KEPT: Final = 1000  # of rules that went, what is remembered for when they come back


class RuleEngine:
    """All rules of a home.

    Args:
        home: what they act on.
        templates: compiles their templates.
        vocabulary: the kinds of triggers, conditions and actions they may use.
        expand: fills in the blueprint of a rule that uses one: takes ``automation`` or ``script`` and the rule as it
            was read, and returns the rule as it is meant.

    Attributes:
        on_run: each is called with the :class:`RunRecord` of every run that ends.
        tally: how many runs ended, and how.
        on_start: each is called for every run that the mode lets in, with the event that tells of it, the
            :class:`Run` and the moment; it must not raise.
        scripts: the home's scripts.
        former_traces: those of rules before this start of the home; whoever has kept them puts them there.
        workshop: what it lends to others whose things are made of triggers, conditions and actions.
    """

    def __init__(
        self,
        home: Home,
        templates: Templates,
        vocabulary: Vocabulary = BUNDLED,
        expand: Callable[[str, Any], Any] = lambda _, raw: raw,
    ) -> None:
        states = StateIndex(home.bus)
        self._expand = expand
        self._home = home
        self._templates = templates
        self._grammar = RuleGrammar(vocabulary)
        self._given = Surroundings(
            home,
            templates,
            vocabulary,
            states,
            EventIndex(home.bus),
            StateWriter(home, states),
            shows_everything=_has_more(vocabulary.conditions, BUNDLED.conditions)
            or _has_more(vocabulary.actions, BUNDLED.actions),
        )
        given = self._given
        self.workshop = Workshop(
            home, templates, vocabulary, self._grammar, (states, given.events), given.tasks, expand
        )
        self._sources: dict[str, list[AutomationEntity]] = {}
        self.on_run: list[Callable[[RunRecord], object]] = self._given.on_run
        self.tally = self._given.tally
        self.on_start: list[Callable[[str, Run, float], object]] = self._given.on_start
        self.former_traces = given.former_traces
        self.scripts = Scripts(self._given)
        home.registry.watch(self._follow)
        register_services(home, self.get, self._every)

    @property
    def fingerprint(self) -> bytes:
        """What a rule's being good depends on beside its text: this version, and the kinds that rules may use."""
        return self._grammar.fingerprint

    # -- check ----------------------------------------------------------------------------------------------------

    def check(self, raw: Any, position: Position | None = None, *, is_known_good: bool = False) -> Rule:
        """Validate one automation.

        Args:
            raw: as it was read.
            position: where it begins in its file.
            is_known_good: the same text passed before, with the same :attr:`fingerprint`: its conditions and actions
                need not be looked at before they are used.

        Raises:
            ConfigErrors: all that is wrong with it.
        """
        whole = self._expand("automation", raw)
        if not is_known_good or whole is not raw:
            config = self._grammar.outlined(self.workshop.check(whole, self._grammar.automation, position))
            return Rule(whole, config, position, self._grammar.automation, None if whole is raw else raw)
        try:
            return Rule(raw, self._grammar.outline(raw), position, self._grammar.automation)
        except vol.Invalid as error:
            raise schema_faults(raw, error, position) from None

    def check_script(self, raw: Any, position: Position | None = None) -> Rule:
        """Validate one script; arguments and errors as of :meth:`check`."""
        whole = self._expand("script", raw)
        config = self.workshop.check(whole, self._grammar.script, position)
        return Rule(whole, config, position, written=None if whole is raw else raw)

    def lint(self, names: Names) -> list[ConfigError]:
        """Return warnings: what the rules that are right name and nothing among ``names`` answers to, and slips."""
        return [
            fault(entity.rule.raw, path, message, entity.rule.position)
            for entity in (*self._every(), *self.scripts)
            if isinstance(entity.rule, Rule)
            for path, message in (
                *names.unknown(entity.rule.raw, self._templates),
                *slips(entity.rule.raw, names.unit_of),
            )
        ]

    def waiting(self, names: Names) -> dict[str, list[ConfigError]]:
        """Return what in the rules that are right waits for a plugin, by the entity id of the rule.

        ``names``: what will be there.
        """
        found = {
            entity.entity_id: [
                fault(entity.rule.raw, path, message, entity.rule.position)
                for path, message in waiting_parts(entity.rule.raw, self._given.vocabulary, names.provider_of)
            ]
            for entity in self
            if isinstance(entity.rule, Rule)
        }
        return {entity_id: parts for entity_id, parts in found.items() if parts}

    def without_device(self) -> dict[str, list[ConfigError]]:
        """Return what in the rules that are right goes by a device that is not there, by the entity id of the rule.

        Such a rule is unavailable until the device comes.
        """
        known = self._home.registry.devices
        found: dict[str, list[ConfigError]] = {}
        for entity in self:
            if isinstance(entity.rule, Rule) and entity.rule.names_devices:
                raw, position = entity.rule.raw, entity.rule.position
                absent = dict.fromkeys(device_id for device_id in devices(raw) if device_id not in known)
                found[entity.entity_id] = [
                    fault(raw, path, f"there is no device {device_id}", position)
                    for device_id in absent
                    for path in paths_to(raw, device_id)
                ]
        return {entity_id: faults for entity_id, faults in found.items() if faults}

    # -- life-cycle -----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Arm the rules that are on. Rules that come later are armed as they come."""
        self._tell_of_gone()
        self._given.is_started = True
        for automation in self._every():
            if automation.is_on:
                automation.arm()

    async def stop(self) -> None:
        """Disarm all rules and end their runs."""
        self._given.is_started = False
        for automation in self._every():
            automation.disarm()
            automation.stop_runs()
        self.scripts.stop_runs()
        self.workshop.stop()
        await self._given.tasks.ended()
        self._given.writer.flush()

    def swap(self, source: str, rules: Sequence[Rule | InvalidRule]) -> SwapReport:
        """Replace the rules that came from ``source`` (a file), in one step.

        A rule that says the same as before keeps its triggers, timers and runs. A changed one is known by its id or
        else by its name: its runs end, its entity stays, on or off.
        """
        old = list(self._sources.get(source, ()))
        kept, changed, added, refused = [], [], [], []
        new: list[AutomationEntity] = []
        partners = _partners(old, rules)
        going_on = set(partners.values())
        for automation in old:
            if automation not in going_on:
                self._remove(automation)
        for index, rule in enumerate(rules):
            name = rule.alias or f"automation {index}"
            partner = partners.get(index)
            if partner is None and (first := self._of_id(rule.id)) is not None:
                refused.append(_second(rule, first.rule))
                continue
            if partner is None:
                if (made := self._add(rule, source, name)) is None:
                    continue
                partner = made
                added.append(name)
            elif is_same(partner.rule, rule):
                partner.rule = rule  # the same, but it may stand on another line now
                kept.append(name)
            else:
                partner.replace(rule, name)
                changed.append(name)
            new.append(partner)
        removed = [automation.name for automation in old if automation not in going_on]
        self._sources[source] = new
        if not new:
            del self._sources[source]
        return SwapReport(tuple(added), tuple(changed), tuple(removed), tuple(kept), tuple(refused))

    # -- look -----------------------------------------------------------------------------------------------------

    def get(self, entity_id: str) -> AutomationEntity | None:
        """Return the automation of that entity id, or None."""
        found = self._home.entities.get(entity_id)
        return found if isinstance(found, AutomationEntity) else None

    def __iter__(self) -> Iterator[RuleEntity]:
        """Yield every automation, then every script."""
        yield from self._every()
        yield from self.scripts

    def rule_of(self, entity_id: str) -> Rule | None:
        """Return what the automation or script of that entity id does, or None."""
        found = self.get(entity_id) or self.scripts.get(entity_id)
        return found.rule if found is not None and isinstance(found.rule, Rule) else None

    @property
    def rules(self) -> list[RuleInfo]:
        """All automations, source by source, in their order."""
        return [_info(automation) for automation in self._every()]

    @property
    def listed_scripts(self) -> list[RuleInfo]:
        """All scripts, in their order, as :attr:`rules` has automations."""
        return [_info(script) for script in self.scripts]

    def statistics(self) -> dict[str, int]:
        """Return how many rules there are, how many runs go on, wait in a task, and were cut off as loops."""
        every = list(self._every())
        return {
            "rules": len(every),
            "unavailable": sum(not automation.is_available for automation in every),
            "scripts": len(list(self.scripts)),
            "runs": sum(rule.runs for rule in (*every, *self.scripts)),
            "waiting": len(self._given.tasks),
            "cut_loops": self._given.loops.cut,
        }

    # -- private --------------------------------------------------------------------------------------------------

    def _follow(self, old: AnyEntry | None, new: AnyEntry | None) -> None:
        """Let the rules find an entity again that they name by the id of its entry, when its entity id is another."""
        if old is None and isinstance(new, DeviceEntry):
            for automation in self._every():
                automation.device_came(new.id)
        if isinstance(old, EntityEntry) and isinstance(new, EntityEntry) and new.entity_id != old.entity_id:
            for entity in self:
                if isinstance(entity.rule, Rule) and mentions(entity.rule.raw, new.id):
                    entity.compile_again()

    def _every(self) -> Iterator[AutomationEntity]:
        for automations in tuple(self._sources.values()):
            yield from automations

    def _add(self, rule: Rule | InvalidRule, source: str, name: str) -> AutomationEntity | None:
        """Make the entity of a rule; None when none can stand for it."""
        if isinstance(rule, InvalidRule) and rule.is_nameless:
            return None
        automation = AutomationEntity(self._given, rule, source, name)
        self._home.entities.add(automation, DOMAIN)
        if automation.is_on and self._given.is_started:
            automation.arm()
        return automation

    def _remove(self, automation: AutomationEntity) -> None:
        """Take a rule out of the home. One with an id stays in the registry, and is shown as unavailable."""
        self._note_gone(automation.entity_id, automation.is_on, automation.last_triggered)
        self._home.entities.remove(automation.entity_id)
        if automation.unique_id is not None:
            self._home.states.set(automation.entity_id, STATE_UNAVAILABLE, {"restored": True})

    def _tell_of_gone(self) -> None:
        """Show the rules that went while the home was down as those that go while it runs."""
        states, entities = self._home.states, self._home.entities
        left = [one for one in states if one.is_restored and one.entity_id.startswith(("automation.", "script."))]
        for state in left:
            entity_id = state.entity_id
            if entity_id in entities:
                continue
            if entity_id not in self._home.registry.entities:
                states.remove(entity_id)
            elif state.state != STATE_UNAVAILABLE:
                self._note_gone(entity_id, state.state != "off", epoch_of(state.attributes.get("last_triggered")))
                states.set(entity_id, STATE_UNAVAILABLE, {"restored": True})

    def _note_gone(self, entity_id: str, is_on: bool, last_triggered: float | None) -> None:
        gone = self._given.gone
        gone[entity_id] = is_on, last_triggered
        if len(gone) > GONE_KEPT:
            del gone[next(iter(gone))]

    def _of_id(self, rule_id: str | None) -> AutomationEntity | None:
        entry = None if rule_id is None else self._home.registry.entity_of(DOMAIN, DOMAIN, rule_id)
        return None if entry is None else self.get(entry.entity_id)


def _partners(old: list[AutomationEntity], rules: Sequence[Rule | InvalidRule]) -> dict[int, AutomationEntity]:
    """Return which old automation each new rule goes on from, by index: the same rule, else the same id or name."""
    by_text = {id(automation.rule.raw): automation for automation in old}
    found = {index: by_text.pop(id(rule.raw)) for index, rule in enumerate(rules) if id(rule.raw) in by_text}
    if len(found) == len(rules):
        return found
    left: dict[str, list[AutomationEntity]] = {}
    for automation in by_text.values():
        left.setdefault(_known_by(automation.rule), []).append(automation)
    for is_partner in (is_same, _is_any):
        for index, rule in [(index, rule) for index, rule in enumerate(rules) if index not in found]:
            candidates = left.get(_known_by(rule), [])
            partner = next((one for one in candidates if is_partner(one.rule, rule)), None)
            if partner is not None:
                candidates.remove(partner)
                found[index] = partner
    return found


def _second(rule: Rule | InvalidRule, first: Rule | InvalidRule) -> ConfigError:
    """Return what is said of a rule whose id ``first`` has already."""
    message = f"a rule with the id {rule.id!r} stands at {first.position} already; this one is left out"
    return fault(rule.raw, ("id",), message, rule.position)


def _known_by(rule: Rule | InvalidRule) -> str:
    return f"alias {rule.alias}" if rule.id is None else f"id {rule.id}"


def _is_any(old: Rule | InvalidRule, new: Rule | InvalidRule) -> bool:
    return True


def _info(rule: RuleEntity) -> RuleInfo:
    at = rule.last_triggered
    return RuleInfo(
        rule.name,
        rule.entity_id,
        rule.source,
        rule.rule.position,
        _state_of(rule),
        None if at is None else datetime.fromtimestamp(at, UTC),
        rule.runs,
        rule.mode,
    )


def _state_of(rule: RuleEntity) -> str:
    if not rule.is_there:
        return "disabled"
    if not rule.is_available:
        return "unavailable"
    return "on" if (rule.is_on if isinstance(rule, AutomationEntity) else rule.runs) else "off"


def _has_more(kinds: Mapping[str, object], known: Mapping[str, object]) -> bool:
    return kinds is not known and any(known.get(name) is not kind for name, kind in kinds.items())
