"""What a benchmark found, and what it should be."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: a question, the value with its unit, the bound it should keep."""

    question: str
    value: float
    unit: str
    bound: float
    is_ceiling: bool = True  # the value should not be above the bound; else not below

    @property
    def is_kept(self) -> bool:
        """True when the bound is kept."""
        return self.value <= self.bound if self.is_ceiling else self.value >= self.bound


def show(title: str, figures: Sequence[Figure]) -> None:
    """Print the figures as a table."""
    table = Table("question", "measured", "should be", "", title=title, box=None, pad_edge=False, title_justify="left")
    for figure in figures:
        sign = "≤" if figure.is_ceiling else "≥"
        table.add_row(
            figure.question,
            f"{figure.value:,.2f} {figure.unit}",
            f"{sign} {figure.bound:,.2f} {figure.unit}",
            "[green]✓[/]" if figure.is_kept else "[red]✗[/]",
        )
    Console(width=120).print(table)
