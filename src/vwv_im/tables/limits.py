"""How large a table may be; what is beyond is refused by a fault that names the limit, before it takes memory."""

from __future__ import annotations

CELL = 131_072
"""Characters of a cell."""
ROW = 10_000_000
"""Characters of a row: bytes of a line of JSON."""
COLUMNS = 16_384
DEPTH = 32
"""How deep a line of JSON may be nested."""
PIECE = 24_000_000
"""Bytes of the rows that are decided together, however many they are."""
PART = 256_000_000
"""Bytes of a part of a workbook, unpacked; of a column of a group of rows in Parquet."""
CELLS = 5_000_000
"""Cells of a workbook that state something."""
ELEMENTS = 15_000_000
"""Elements of the XML of a workbook."""
TEXT = 100_000_000
"""Characters in the cells of a workbook."""
