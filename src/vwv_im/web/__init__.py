"""The HTTP API and the web page. Needs the extra `web`; nothing of a case is kept or logged."""
