"""Expected errors: a code each, a sentence to act on, and a list of all."""

from __future__ import annotations

import gc
import importlib
import pkgutil

import pytest

import aftermile.kernel
from aftermile.kernel.errors import Conflict, Invalid, NotFound, RateLimited, Refusal, all_refusals


def test_a_refusal_says_what_its_class_says_unless_told_better() -> None:
    assert str(NotFound()) == NotFound.message
    assert str(NotFound("There is no order 7.")) == "There is no order 7."
    assert NotFound("There is no order 7.").message == "There is no order 7."
    assert (NotFound.status, NotFound.code) == (404, "not_found")


def test_details_are_kept_apart_from_the_sentence() -> None:
    refusal = Invalid("The weight is negative.", details={"field": "weight_grams"})

    assert refusal.details == {"field": "weight_grams"}
    assert Invalid().details == {}


def test_a_rate_limit_says_for_how_long_and_never_for_no_time() -> None:
    assert RateLimited(retry_after=30).retry_after == 30
    assert RateLimited(retry_after=0).retry_after == 1


def test_a_subclass_without_a_code_of_its_own_is_a_bug() -> None:
    with pytest.raises(TypeError, match="needs a code of its own"):
        type("Nameless", (Conflict,), {})


@pytest.mark.parametrize("code", ["NotSnake", "not-snake", "", "9lives", "trailing_"])
def test_a_code_is_snake_case(code: str) -> None:
    with pytest.raises(TypeError, match="snake_case"):
        type("Odd", (Conflict,), {"code": code})


def test_a_refusal_is_never_a_fault_of_the_server() -> None:
    with pytest.raises(TypeError, match="500"):
        type("Broken", (Refusal,), {"code": "broken", "status": 500})


def test_every_refusal_of_the_kernel_is_listed_once_with_a_sentence_and_a_meaning() -> None:
    for module in pkgutil.iter_modules(aftermile.kernel.__path__, "aftermile.kernel."):
        importlib.import_module(module.name)
    gc.collect()

    refusals = all_refusals()

    codes = [refusal.code for refusal in refusals]
    assert codes == sorted(set(codes))
    assert {"bad_public_id", "bad_token", "calendar_unknown", "moment_unreadable"} <= set(codes)
    for refusal in refusals:
        assert refusal.__doc__ is not None
        assert refusal.message.endswith("."), refusal


def test_refusals_of_other_packages_are_listed_apart() -> None:
    plugin = type("OfAPlugin", (Refusal,), {"code": "of_a_plugin", "__module__": "some_plugin.acts"})

    assert plugin not in all_refusals()
    assert all_refusals("some_plugin") == [plugin]
