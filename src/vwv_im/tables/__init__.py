"""Many cases at once: frames, CSV, Parquet, JSON Lines, Excel."""
