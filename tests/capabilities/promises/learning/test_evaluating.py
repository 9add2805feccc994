from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from aftermile.capabilities.promises.evaluating.evaluate import DataUnreadable, evaluate
from aftermile.capabilities.promises.evaluating.scoring import roc_auc


def test_ranking_is_scored_as_elsewhere_ties_and_all() -> None:
    dice = np.random.default_rng(2)
    late, score = dice.random(300) < 0.2, dice.integers(0, 9, 300).astype(np.float64)
    assert roc_auc(late, score) == pytest.approx(roc_auc_score(late, score))


@pytest.mark.parametrize(
    ("name", "said"), [("unheard", "no data set unheard"), ("scms", "has no scms_until")]
)
def test_what_is_not_there_is_said(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(DataUnreadable, match=said):
        evaluate(name, data=tmp_path, out=tmp_path / "out.csv", on_step=lambda _step, _share: None)
