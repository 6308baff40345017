"""How much is read of what strangers hand in. Each bound is far above any honest script and far below any harm."""

from essaydrill.text.decode import MAX_BYTES

TEXT_BYTES = MAX_BYTES
"""A text file: an answer sheet takes a few kilobytes."""

DOCUMENT_BYTES = 20_000_000
"""A Word or PDF file: one answer with a scanned picture or two in it."""

TABLE_BYTES = 2_000_000_000
"""A CSV or JSON Lines file, which is read row by row: a million answers."""

WORKBOOK_BYTES = 200_000_000
"""An Excel file on disk."""

UNPACKED_WORKBOOK_BYTES = 400_000_000
"""An Excel file unpacked: 100,000 answers take some 150 MB; a bomb takes gigabytes."""

MEMBER_BYTES = 100_000_000
"""A table inside a ZIP archive, which is held in memory while it is read."""

DIRECTORY_BYTES = 64_000_000
"""The list of members at the end of a ZIP archive: some 500,000 names."""

ANSWER_CHARACTERS = 500_000
"""The text of one answer, however it was packed."""

COLUMNS = 256
"""Columns of a table that are looked at."""

HEADER_ROWS = 10
"""Rows of a table among which its header is looked for; survey tools put a title above it."""

SCRIPT_SECONDS = 30.0
"""What one script may take unless told otherwise; an ordinary one takes some milliseconds."""

SCRIPT_MEMORY = 2_000_000_000
"""Bytes that a worker process may allocate beyond what it had when a chunk began."""
