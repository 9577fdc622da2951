"""What is counted of the server's work, in the format of Prometheus: how much and how fast, nothing of any case."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from vwv_im import __version__

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which the processes of a server add up what they count."""
disable_created_metrics()  # type: ignore[no-untyped-call]  # when counting began is of no use, and doubles the list
_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)


class Measures:
    """What one process counts; where there are several, each tells the sum of all."""

    def __init__(self) -> None:
        self._own = CollectorRegistry()
        self._requests = Counter(
            "vwv_im_http_requests", "Answers by method, route and status.", ["method", "route", "status"],
            registry=self._own)  # fmt: skip
        self._seconds = Histogram(
            "vwv_im_http_request_seconds", "Seconds until an answer was sent, by route.", ["route"],
            buckets=_SECONDS, registry=self._own)  # fmt: skip
        self._going_on = Gauge(
            "vwv_im_http_requests_in_progress", "Requests that are being answered.",
            multiprocess_mode="livesum", registry=self._own)  # fmt: skip
        version = Gauge(
            "vwv_im_build_info", "The version of the library.", ["version"],
            multiprocess_mode="max", registry=self._own)  # fmt: skip
        version.labels(__version__).set(1)
        if SHARED not in os.environ:
            ProcessCollector(registry=self._own)
            PlatformCollector(registry=self._own)

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Count a request while it is being answered."""
        self._going_on.inc()
        try:
            yield
        finally:
            self._going_on.dec()

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer; a status of 0 says that the client had gone."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def told(self, accept: str) -> tuple[bytes, str]:
        """Return all that was counted, and the media type of it: that of Prometheus, or OpenMetrics where asked for."""
        encode, media_type = choose_encoder(accept)
        registry = self._own
        if SHARED in os.environ:
            MultiProcessCollector(registry := CollectorRegistry())  # type: ignore[no-untyped-call]
        return encode(registry), media_type

    @staticmethod
    def ended() -> None:
        """Say that this process ends: what it was doing is no longer going on."""
        if SHARED in os.environ:
            mark_process_dead(os.getpid())  # type: ignore[no-untyped-call]
