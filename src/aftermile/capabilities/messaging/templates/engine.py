"""Liquid inside walls: what a merchant writes may neither run long, nor grow large, nor read anything but its values.

There is no tag that loads another template, no file access, and no filter that is not named here. Loops are counted
over the whole rendering, every text that is made is bounded while it is made, and the clock is looked at on the way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import Any
from urllib.parse import urlsplit

from liquid import Environment, RenderContext
from liquid.builtin import content, illegal, output
from liquid.builtin.filters import array, math, misc, string
from liquid.builtin.tags import (
    assign_tag,
    capture_tag,
    case_tag,
    comment_tag,
    for_tag,
    if_tag,
    unless_tag,
)
from liquid.exceptions import (
    FilterArgumentError,
    LiquidError,
    LoopIterationLimitError,
    OutputStreamLimitError,
)
from liquid.output import LimitedStringIO
from liquid.template import BoundTemplate

from aftermile.kernel.errors import Invalid

MOST_LOOP_ROUNDS = 2_000
MOST_OUTPUT_BYTES = 200_000
LONGEST_TEXT = 20_000
LONGEST_LIST = 1_000
#: Of the processor, not of the day: a busy machine cuts nothing off.
LONGEST_SECONDS = 0.25
# The clock is asked at every so many steps; asking it each time would be a fifth of the work.
_STEPS = 32
_NESTING = 12
_LARGEST_LOCALS = 100_000


class TemplateUnrenderable(Invalid):
    """A template was cut off or cannot be read. The sentence says why."""

    code = "template_unrenderable"


class RanTooLong(LiquidError):
    """The clock ran out while rendering."""


class Watch:
    """The processor's clock for one rendering, asked now and then."""

    __slots__ = ("_deadline", "_steps")

    def __init__(self) -> None:
        self._deadline = time.thread_time() + LONGEST_SECONDS
        self._steps = 0

    def look(self) -> None:
        """Count a step.

        :raises RanTooLong: the time is over.
        """
        self._steps += 1
        if self._steps % _STEPS == 0 and time.thread_time() > self._deadline:
            raise RanTooLong("it ran too long", token=None)


class Bounded(LimitedStringIO):
    """A text being made: bounded in size and time."""

    def __init__(self, limit: int, watch: Watch) -> None:
        super().__init__(limit)
        self._watch = watch

    def write(self, text: str) -> int:
        self._watch.look()
        return super().write(text)


class BoundedContext(RenderContext):
    """A rendering: it counts the rounds of all loops, one after another as well as inside each other."""

    __slots__ = ("rounds", "watch")

    def __init__(self, template: BoundTemplate, **how: Any) -> None:
        super().__init__(template, **how)
        self.rounds = 0
        self.watch = Watch()

    def raise_for_loop_limit(self, length: int = 1) -> None:
        self.rounds += length
        if self.rounds > MOST_LOOP_ROUNDS:
            raise LoopIterationLimitError("its loops go round too often", token=None)

    def get(self, path: list[object], **how: Any) -> object:
        self.watch.look()
        return super().get(path, **how)

    def get_buffer(self, buf: Any = None) -> Bounded:
        used = buf.size if isinstance(buf, LimitedStringIO) else 0
        return Bounded(MOST_OUTPUT_BYTES - used, self.watch)


def web_address(value: object) -> str:
    """Let an address through that a letter may lead to, else give "#": a filter put before every `href` and `src`."""
    text = str(value or "").strip()
    scheme = text.partition(":")[0].lower()
    if scheme in ("mailto", "tel"):
        return text
    try:
        return text if scheme in ("http", "https") and urlsplit(text).netloc else "#"
    except ValueError:
        return "#"


# Left out on purpose: `replace` and everything that decodes (a few in a row make any length or any markup),
# `safe` (it undoes the escaping), `date` (days come in words), `times` (numbers of any length).
_FILTERS: dict[str, Callable[..., Any]] = {
    "append": string.append,
    "capitalize": string.capitalize,
    "downcase": string.downcase,
    "prepend": string.prepend,
    "remove": string.remove,
    "slice": string.slice_,
    "split": string.split,
    "strip": string.strip,
    "truncate": string.truncate,
    "truncatewords": string.truncatewords,
    "upcase": string.upcase,
    "url_encode": string.url_encode,
    "concat": array.concat,
    "first": array.first,
    "join": array.join,
    "last": array.last,
    "map": array.map_,
    "reverse": array.reverse,
    "where": array.where,
    "default": misc.default,
    "size": misc.size,
    "at_least": math.at_least,
    "at_most": math.at_most,
    "minus": math.minus,
    "modulo": math.modulo,
    "plus": math.plus,
    "web_address": web_address,
}
_TAGS = (
    content.Literal,
    output.Output,
    illegal.Illegal,
    assign_tag.AssignTag,
    capture_tag.CaptureTag,
    case_tag.CaseTag,
    comment_tag.CommentTag,
    for_tag.BreakTag,
    for_tag.ContinueTag,
    for_tag.ForTag,
    if_tag.IfTag,
    unless_tag.UnlessTag,
)


class Walled(Environment):
    """A Liquid with the tags and filters named here."""

    block_nesting_limit = _NESTING
    context_depth_limit = _NESTING + 6
    local_namespace_limit = _LARGEST_LOCALS
    output_stream_limit = MOST_OUTPUT_BYTES

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:  # noqa: ARG002
        for tag in _TAGS:
            self.add_tag(tag)
        for name, function in _FILTERS.items():
            self.add_filter(name, _bounded(function))


def _bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse to work on, or to make, what is too large."""

    @wraps(function)
    def bounded(*given: Any, **named: Any) -> Any:
        total = 0
        for each in given:
            size = _size(each)
            if size > (LONGEST_TEXT if isinstance(each, str) else LONGEST_LIST):
                raise FilterArgumentError("a text or list in it grows too large", token=None)
            # Joining 1,000 parts with a separator of 20,000 letters would be 20 MB.
            total = max(total, 1) * max(size, 1) if function is array.join else total
        if total > LONGEST_TEXT * 10:
            raise FilterArgumentError("a text or list in it grows too large", token=None)
        made = function(*given, **named)
        if _size(made) > LONGEST_TEXT:
            raise FilterArgumentError("a text or list in it grows too large", token=None)
        return made

    return bounded


def _size(value: object) -> int:
    if isinstance(value, range):
        # len() of a range beyond the machine's word is an error of its own.
        return max(0, min(LONGEST_TEXT * 10, (value.stop - value.start) // value.step))
    return len(value) if isinstance(value, str | list | tuple | dict) else 0


HTML = Walled(autoescape=True)
PLAIN = Walled(autoescape=False)


@lru_cache(maxsize=1024)
def parsed(text: str, *, is_html: bool) -> BoundTemplate:
    """Parse Liquid (kept in memory).

    :raises TemplateUnrenderable: it cannot be read.
    """
    try:
        return (HTML if is_html else PLAIN).from_string(text)
    except LiquidError as problem:
        raise TemplateUnrenderable(f"{sentence(problem)}") from None


def run(template: BoundTemplate, names: Mapping[str, object], *, limit: int = MOST_OUTPUT_BYTES) -> str:
    """Render a parsed template with the values of its names.

    :raises TemplateUnrenderable: it was cut off.
    """
    context = BoundedContext(template, globals=names)
    made = Bounded(limit, context.watch)
    try:
        template.render_with_context(context, made)
    except LiquidError as problem:
        raise TemplateUnrenderable(sentence(problem)) from None
    except (RecursionError, MemoryError, OverflowError, ArithmeticError):
        raise TemplateUnrenderable("The template asks for too much at once.") from None
    return made.getvalue()


def sentence(problem: LiquidError) -> str:
    """Say what is wrong with a template."""
    if isinstance(problem, LoopIterationLimitError):
        return f"The template was cut off: its loops go round more than {MOST_LOOP_ROUNDS} times."
    if isinstance(problem, OutputStreamLimitError):
        return "The template was cut off: it writes more than a letter can hold."
    if isinstance(problem, RanTooLong):
        return "The template was cut off: it ran too long."
    return f"The template cannot be read: {str(problem.args[0] if problem.args else problem).rstrip('.')}."
