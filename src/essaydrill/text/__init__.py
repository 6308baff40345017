"""Pure functions of strings: canonical form, length in cells, sentences and clauses, words."""

from essaydrill.text.cells import SheetLayout, SheetLine, count_cells, lay_out, offset_at_cells
from essaydrill.text.clauses import Span, clauses, list_marker, paragraphs, sentences
from essaydrill.text.normalise import NormalText, normalise
from essaydrill.text.segment import Segmenter, Token, default_segmenter

__all__ = [
    "NormalText",
    "Segmenter",
    "SheetLayout",
    "SheetLine",
    "Span",
    "Token",
    "clauses",
    "count_cells",
    "default_segmenter",
    "lay_out",
    "list_marker",
    "normalise",
    "offset_at_cells",
    "paragraphs",
    "sentences",
]
