"""Our own arithmetic against scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from essaydrill.agreement.fit_credit import export_boosting, new_boosting
from essaydrill.scoring.model import MOST_LEAVES, Boosting, Logistic
from essaydrill.scoring.tfidf import Tfidf, character_ngrams

HAN = st.text(alphabet="基层治理存在的问题资金不足，。 a1", min_size=1, max_size=40)


@settings(deadline=None)
@given(st.lists(HAN, min_size=1, max_size=6), HAN)
def test_tfidf_equals_scikit_learn(documents: list[str], query: str) -> None:
    if not any(character_ngrams(document) for document in documents):
        return
    theirs = TfidfVectorizer(analyzer=character_ngrams).fit(documents)
    ours = Tfidf([character_ngrams(document) for document in documents])
    assert list(ours.vocabulary) == list(theirs.get_feature_names_out())
    np.testing.assert_allclose(ours.idf, theirs.idf_, rtol=1e-12)
    np.testing.assert_allclose(ours.documents, theirs.transform(documents).toarray(), atol=1e-12)
    np.testing.assert_allclose(
        ours.transform(character_ngrams(query)), theirs.transform([query]).toarray()[0], atol=1e-12
    )


@pytest.mark.parametrize("seed", range(3))
def test_boosting_equals_scikit_learn(seed: int) -> None:
    random = np.random.default_rng(seed)
    rows = np.round(random.normal(size=(400, 6)), 4)
    target = np.clip(rows[:, 0] - (rows[:, 1] > 0.3) + random.normal(scale=0.2, size=400), 0, 1)
    theirs = new_boosting([1, -1, 0, 0, 0, 0]).fit(rows, target)
    ours = Boosting.from_json(export_boosting(theirs, list("abcdef")))
    fresh = np.round(random.normal(size=(200, 6)), 4)
    np.testing.assert_allclose(ours.predict(fresh), theirs.predict(fresh), atol=1e-5)
    one_by_one = np.concatenate([ours.predict(row[None, :]) for row in fresh])
    assert (one_by_one == ours.predict(fresh)).all()


def test_trees_have_a_bit_for_each_leaf() -> None:
    last = 2 * MOST_LEAVES
    nodes = range(last + 1)  # a chain: odd nodes and the last one are leaves
    tree = {
        "feature": [0] * len(nodes),
        "threshold": [float(node) for node in nodes],
        "left": [node if node % 2 or node == last else node + 1 for node in nodes],
        "right": [node if node % 2 or node == last else node + 2 for node in nodes],
        "value": [float(node) for node in nodes],
    }
    with pytest.raises(ValueError, match="leaves"):
        Boosting.from_json({"features": ["a"], "initial": 0.0, "trees": [tree]})


def test_logistic_equals_scikit_learn() -> None:
    random = np.random.default_rng(0)
    rows = random.normal(size=(200, 3))
    theirs = LogisticRegression().fit(rows, rows[:, 0] + rows[:, 1] > 0.2)
    ours = Logistic(("a", "b", "c"), float(theirs.intercept_[0]), theirs.coef_[0])
    assert ours.predict(rows) == pytest.approx(theirs.predict_proba(rows)[:, 1], abs=1e-12)
