"""The marks for presentation: a ridge regression on what of the form can be counted."""

import numpy as np
from sklearn.linear_model import Ridge

from essaydrill.agreement.table import Floats, Mask, Table


def fit_presentation(table: Table, content: Floats, chosen: Mask) -> Ridge:
    """Learn the share of the presentation's marks from the `chosen` answers; `content` is what share of the points'
    marks people gave, shape (n,)."""
    essays = np.array([answer.item.prompt.kind == "essay" for answer in table.answers])
    mask = chosen & table.genuine & (table.presentation_marks > 0) & ~essays
    given = np.array([answer.presentation for answer in table.answers])
    return Ridge(1.0).fit(with_content(table, content)[mask], given[mask] / table.presentation_marks[mask])


def with_content(table: Table, content: Floats) -> Floats:
    rows = table.forms.copy()
    rows[:, table.form_names.index("content")] = content
    rows[:, table.form_names.index("content_root")] = np.sqrt(content)
    return rows
