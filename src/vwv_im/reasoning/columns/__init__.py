"""The engine `columns`: the plan compiled to polars expressions, for millions of cases."""
