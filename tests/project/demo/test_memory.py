"""What the demonstration remembers."""

from __future__ import annotations

from pathlib import Path

from aftermile.project.demo.memory import Memory, recall


def test_what_is_saved_is_recalled_and_private(tmp_path: Path) -> None:
    assert recall(tmp_path) is None
    memory = Memory(
        merchant_id="0197f1d2-0000-7000-8000-000000000000",
        shop="Fjell & Field",
        api_key="am_key",
        addresses={"storefront": "in_a"},
        secrets={"storefront": "s"},
        connections={"storefront": "con_a"},
        seed=1,
        start="2026-05-12T09:30:00+00:00",
    )
    memory.save(tmp_path)
    assert recall(tmp_path) == memory
    assert (tmp_path / "demo.json").stat().st_mode & 0o777 == 0o600
    assert memory.known_until is None


def test_what_another_version_wrote_is_not_gone_on_with(tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text('{"merchant_id": "0197f1d2-0000-7000-8000-000000000000"}')
    assert recall(tmp_path) is None
