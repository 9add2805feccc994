"""An idempotency key has one effect and one answer."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection

from aftermile.kernel.idempotency import Answer, KeyReused, KeyUnreadable, once
from aftermile.kernel.models import IdempotencyRecord, Merchant
from aftermile.kernel.tenancy import merchant_scope


@pytest.mark.django_db
def test_the_second_request_gets_the_first_answer(in_scope: Merchant) -> None:
    calls = []

    def act() -> Answer:
        calls.append(1)
        return Answer(201, b"made")

    first = once(operation="POST /orders", key="k", request=b"{}", act=act)
    second = once(operation="POST /orders", key="k", request=b"{}", act=act)
    assert (first, second) == (Answer(201, b"made"), Answer(201, b"made", replayed=True))
    assert calls == [1]


@pytest.mark.django_db
def test_a_key_belongs_to_one_operation_and_one_request(in_scope: Merchant) -> None:
    once(operation="POST /orders", key="k", request=b"{}", act=lambda: Answer(201, b"a"))
    assert once(operation="POST /refunds", key="k", request=b"{}", act=lambda: Answer(201, b"b")).body == b"b"
    with pytest.raises(KeyReused):
        once(operation="POST /orders", key="k", request=b"other", act=lambda: Answer(201, b"c"))


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 256, "a\x00b"])
def test_an_unusable_key_is_refused(in_scope: Merchant, key: str) -> None:
    with pytest.raises(KeyUnreadable):
        once(operation="POST /orders", key=key, request=b"", act=lambda: Answer(201, b""))


@pytest.mark.django_db(transaction=True)
def test_a_request_that_failed_leaves_its_key_free(merchant: Merchant) -> None:
    def fail() -> Answer:
        raise RuntimeError

    with pytest.raises(RuntimeError), merchant_scope(merchant.id):
        once(operation="POST /orders", key="k", request=b"", act=fail)
    with merchant_scope(merchant.id):
        assert (
            once(operation="POST /orders", key="k", request=b"", act=lambda: Answer(200, b"ok")).replayed
            is False
        )


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_have_one_effect(merchant: Merchant) -> None:
    barrier, calls, answers = Barrier(10), [], []

    def act() -> Answer:
        calls.append(1)
        return Answer(201, b"made")

    def request() -> None:
        barrier.wait()
        with merchant_scope(merchant.id):
            answers.append(once(operation="POST /orders", key="k", request=b"{}", act=act))
        connection.close()

    threads = [Thread(target=request) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with merchant_scope(merchant.id):
        assert IdempotencyRecord.rows().count() == 1
    assert len(calls) == 1
    assert sorted(answer.replayed for answer in answers) == [False] + [True] * 9
    assert {answer.body for answer in answers} == {b"made"}
