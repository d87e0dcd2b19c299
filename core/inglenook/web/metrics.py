"""A home's numbers as Prometheus reads them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from inglenook.rules.tally import BOUNDS_S
from inglenook.version import __version__
from inglenook.web.vitals import Snapshot

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Makes the page that is scraped.

    Args:
        snapshot: reads the numbers.
    """

    def __init__(self, snapshot: Callable[[], Snapshot]) -> None:
        self._registry = CollectorRegistry(auto_describe=False)  # a home's own: two may be in one process
        self._registry.register(_Collector(snapshot))

    def page(self) -> bytes:
        """Return all metrics in the text format."""
        return generate_latest(self._registry)


class _Collector(Collector):
    def __init__(self, snapshot: Callable[[], Snapshot]) -> None:
        self._snapshot = snapshot

    def collect(self) -> Iterable[Metric]:
        now = self._snapshot()
        yield InfoMetricFamily("inglenook", "The version of inglenook.", {"version": __version__})
        yield _gauge("inglenook_start_time_seconds", "When it started, in seconds since the epoch.", now.started_at)
        yield from _what_happens(now)
        yield from _who_is_there(now)
        yield from _how_it_does(now)


def _what_happens(now: Snapshot) -> Iterator[Metric]:
    yield _counters("inglenook_events", "Events fired.", "type", now.events)
    yield _counters("inglenook_rule_runs", "Runs of automations and scripts that ended.", "outcome", now.runs)
    below = list(accumulate(now.times))
    buckets = [*((str(bound), float(n)) for bound, n in zip(BOUNDS_S, below, strict=False)), ("+Inf", float(below[-1]))]
    what = "How long runs took that had nothing to wait for; at most a hundred a second are timed."
    yield HistogramMetricFamily("inglenook_rule_run_seconds", what, buckets, now.seconds)
    yield _gauge("inglenook_rules", "Automations.", now.rules["rules"])
    yield _gauge("inglenook_rules_unavailable", "Automations that are not in order.", now.rules["unavailable"])
    yield _gauge("inglenook_runs", "Runs that go on.", now.rules["runs"])
    yield _gauge("inglenook_entities", "Entities that have a state.", now.entities)


def _who_is_there(now: Snapshot) -> Iterator[Metric]:
    devices, clients = now.devices, now.clients
    yield _gauge("inglenook_devices", "Devices that are known.", devices["known"])
    yield _gauge("inglenook_devices_connected", "Devices that are connected.", devices["connected"])
    yield _counter("inglenook_device_reconnects", "Connections of devices after their first.", devices["reconnects"])
    yield _gauge("inglenook_clients", "Clients that are connected.", clients["clients"])
    yield _gauge("inglenook_clients_behind", "Clients that read too slowly.", clients["behind"])
    for way in ("received", "sent"):
        both = {"devices": devices[way], "clients": clients[way]}
        yield _counters(f"inglenook_{way}_bytes", f"Bytes {way} on WebSockets.", "peer", both)


def _how_it_does(now: Snapshot) -> Iterator[Metric]:
    depth = GaugeMetricFamily("inglenook_queue_depth", "How much waits, by what it waits in.", labels=["queue"])
    for name, number in now.queues.items():
        depth.add_metric([name], number)
    yield depth
    yield _gauge("inglenook_loop_lag_seconds", "How late the event loop last was.", now.lag_s)
    yield _gauge("inglenook_loop_lag_max_seconds", "How late it was at most in the last minute.", now.lag_max_s)
    if now.memory is not None:
        yield _gauge("process_resident_memory_bytes", "Resident memory size in bytes.", now.memory)


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value)


def _counter(name: str, what: str, value: float) -> Metric:
    return CounterMetricFamily(name, what, value)


def _counters(name: str, what: str, label: str, values: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(name, what, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
