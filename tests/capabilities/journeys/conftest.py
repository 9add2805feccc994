from __future__ import annotations

from typing import Any

import pytest

from tests.capabilities.journeys.stories import Shop


@pytest.fixture
def shop(merchant: Any) -> Shop:
    return Shop(merchant)
