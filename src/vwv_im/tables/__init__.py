"""Cases in tables: frames, CSV, Parquet, JSON Lines and Excel, in and out."""
