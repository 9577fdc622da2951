"""The page without a server: a folder in which the same application runs in the browser (Pyodide, in a worker)."""
