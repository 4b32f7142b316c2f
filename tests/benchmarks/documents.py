"""CPU time of the certificate as a document, beside other makers of PDF in the same run; and of judging it."""

from __future__ import annotations

from certificates import make_specimen_keys, render, verify
from tests.benchmarks.made import Made, certificates, measured, timed

MAKERS = {
    "ours, unsigned": ("ours:prepare_unsigned", "5 · 10"),
    "ours, signed, credential inside": ("ours:prepare_signed", "6 · 12"),
    "typst-py 0.15, compiler kept": ("by_typst:prepare", ""),
    "WeasyPrint 70": ("by_weasyprint:prepare", ""),
    "fpdf2 2.8, no ornament, no tags": ("by_fpdf2:prepare", ""),
}


def run() -> None:
    """Prints median and 95th percentile in milliseconds of CPU, sizes, memory, and how many times as long as ours."""
    print(f"{'':34} {'first':>6} {'median':>7} {'p95':>6} {'kB':>6} {'MB':>5} {'ratio':>7}   goal")
    ours: Made | None = None
    for name, (prepare, goal) in MAKERS.items():
        made = measured(prepare)
        ours = ours or made
        row = f"{made.first:6.0f} {made.median:7.1f} {made.p95:6.1f} {made.size:6.1f} {made.memory:5.0f}"
        print(f"{name:34} {row} {made.median / ours.median:6.1f}×   {goal}", flush=True)
    print("goals: first 50 ms, size 60 kB, memory 80 MB; typst at least 2 ×, WeasyPrint at least 30 ×")
    _judging()


def _judging() -> None:
    everyone = certificates()
    specimens = make_specimen_keys(everyone[0].issuer, everyone[0].issued_at)
    files = [render(one, specimens.issuer) for one in everyone]
    times = sorted(timed(lambda file=file: verify(file, specimens.public)) for file in files)  # type: ignore[misc]
    print(f"judging a file: median {times[50]:.1f} ms, p95 {times[95]:.1f}")
