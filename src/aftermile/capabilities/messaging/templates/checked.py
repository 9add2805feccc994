"""Rendering as a check: which values come out empty, and which are none at all."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TextIO

from liquid import Token
from liquid.builtin.output import Output, OutputNode
from liquid.context import RenderContext
from liquid.exceptions import LiquidError
from liquid.stringify import to_liquid_string
from liquid.template import BoundTemplate
from liquid.undefined import UNDEFINED, Undefined

from aftermile.capabilities.messaging.templates.engine import Bounded, BoundedContext, Walled, sentence


@dataclass(slots=True)
class Findings:
    """What a rendering found: (position, expression) of outputs that were empty, (position, what) of unknown names."""

    empty: set[tuple[int, str]] = field(default_factory=set)
    unknown: set[tuple[int, str]] = field(default_factory=set)
    cut_off: str = ""
    cut_off_at: int = -1
    text: str = ""


class _Unknown(Undefined):
    """A name that leads nowhere; it tells on itself."""

    __slots__ = ()

    def __init__(
        self, name: str, *, token: Token | None = None, obj: object = UNDEFINED, hint: str | None = None
    ) -> None:
        super().__init__(name, token=token, obj=obj, hint=hint)
        what = (hint or name).removesuffix(" is undefined").replace("'", "")
        # `extra` is open: what a journey brings along is known to nobody before. A loop asks for one around it.
        recording = _recording.get()
        if recording is not None and name not in ("extra", "parentloop"):
            recording.unknown.add((token.start_index if token else 0, what))


class _CheckedOutput(OutputNode):
    """An output that is remembered when it comes out empty."""

    __slots__ = ()

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        made = to_liquid_string(self.expression.evaluate(context), context.autoescape)
        recording = _recording.get()
        if recording is not None and not made.strip():
            recording.empty.add((self.token.start_index, str(self.expression)))
        return buffer.write(made)


class _CheckedOutputTag(Output):
    node_class = _CheckedOutput


class _Checking(Walled):
    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        self.add_tag(_CheckedOutputTag)


_CHECKING = _Checking(undefined=_Unknown, autoescape=True)
# The one being recorded: Liquid has no place in a rendering where what it finds could be put down. One a thread:
# several people write at once.
_recording: ContextVar[Findings | None] = ContextVar("_recording", default=None)


@lru_cache(maxsize=64)
def _parsed(source: str) -> BoundTemplate:
    return _CHECKING.from_string(source)


def check(source: str, names: Mapping[str, Any]) -> Findings:
    """Render a piece of Liquid and tell what came out empty, what was unknown, and whether it was cut off."""
    found = Findings()
    try:
        template = _parsed(source)
    except LiquidError as problem:
        found.cut_off = sentence(problem)
        found.cut_off_at = problem.token.start_index if problem.token else 0
        return found
    context = BoundedContext(template, globals=names)
    buffer = Bounded(200_000, context.watch)
    before = _recording.set(found)
    try:
        template.render_with_context(context, buffer)
    except LiquidError as problem:
        found.cut_off = sentence(problem)
        found.cut_off_at = problem.token.start_index if problem.token else 0
    except (RecursionError, MemoryError, OverflowError, ArithmeticError):
        found.cut_off = "The template asks for too much at once."
    finally:
        _recording.reset(before)
    found.text = buffer.getvalue()
    return found
