"""How large a table may be; what is beyond is refused by a fault that names the limit, before it takes memory."""

from __future__ import annotations

CELL = 131_072
"""Characters of a cell."""
ROW = 10_000_000
"""Characters of a row: bytes of a line of JSON."""
COLUMNS = 16_384
DEPTH = 32
"""How deep a line of JSON may be nested."""
PIECE = 8_000_000
"""Bytes of the rows that are decided together, however many they are."""
PART = 256_000_000
"""Bytes of a part of a workbook, unpacked; of a column of a group of rows in Parquet."""
CELLS = 3_000_000
"""Cells of a workbook that state something."""
TAGS = 20_000_000
"""Tags in a part of a workbook."""
PACKED = 150
"""How many times larger a part of a workbook may be than it is packed."""
TEXT = 100_000_000
"""Characters in the cells of a workbook."""
EXACT = 10**15
"""Up to here a float tells whole numbers apart, however they were written."""
