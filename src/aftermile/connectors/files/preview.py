"""Show what an import would make of a file, before anything is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from aftermile.connectors.contracts.facts import Fact, UnknownWord
from aftermile.connectors.files.cells import Conventions
from aftermile.connectors.files.mapping import ColumnMapping, missing_required
from aftermile.connectors.files.problems import RowProblem
from aftermile.connectors.files.reading import read_tables
from aftermile.connectors.files.rows import RowReader
from aftermile.connectors.files.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The first rows of a file as facts, and what is wrong or left over."""

    facts: tuple[Fact, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    unmapped_columns: tuple[str, ...] = ()
    missing_required: tuple[str, ...] = ()  # each as "this or that"; then there are no facts
    unknown: tuple[UnknownWord, ...] = ()
    notes: tuple[str, ...] = ()


def preview(
    table: Table, mapping: ColumnMapping, *, rows: int = 20, conventions: Conventions | None = None
) -> Preview:
    """Read the first rows of one file by itself, not joined with others.

    :raises FileUnreadable: the mapping names a column that is not there.
    """
    used = set(mapping.columns.values())
    unmapped = tuple(header for header in table.headers if header not in used)
    if missing := missing_required(mapping):
        return Preview(unmapped_columns=unmapped, missing_required=missing, notes=table.notes)
    unknown: Counter[UnknownWord] = Counter()
    reader = RowReader(table, mapping, conventions or Conventions(), unknown)
    told = list(read_tables([reader], rows=rows))
    return Preview(
        facts=tuple(fact for fact in told if not isinstance(fact, RowProblem)),
        problems=tuple(problem for problem in told if isinstance(problem, RowProblem)),
        unmapped_columns=unmapped,
        unknown=tuple(unknown),
        notes=table.notes,
    )
