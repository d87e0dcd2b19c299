"""How fast is this home? Every benchmark, each with fewer repeats than alone: four minutes in all.

python -m bench
"""

from bench import device_path, reload, rules_inprocess, start, templates_inprocess
from bench.figures import show


def main() -> None:
    """Measure and print one table a question."""
    show("Start", start.measure(repeats=3))
    show("Hot reload", reload.measure(repeats=5))
    show("Rules, in process", rules_inprocess.measure())
    show(
        "Templates, in process: how many times faster than the function that Jinja compiles",
        templates_inprocess.measure(),
    )
    show("The device path", device_path.measure(rounds=2, seconds=2.0))


if __name__ == "__main__":
    main()
