"""What became of one recorded case."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Result:
    """One case.

    Attributes:
        name: as recorded, unique.
        family: the group it is counted in.
        outcome: what this engine did, in the structure of ``expect``.
        differences: what is not as recorded; none is a pass.
    """

    name: str
    family: str
    outcome: dict[str, Any]
    differences: tuple[str, ...]

    @property
    def is_pass(self) -> bool:
        """True when nothing differs."""
        return not self.differences
