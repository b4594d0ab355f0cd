"""How much memory this process has now, and has had at most. ``getrusage`` would tell that of the process it came from."""

from pathlib import Path

KIB_PER_MB = 1024


def resident_mb() -> float:
    return _kib("VmRSS") / KIB_PER_MB


def most_resident_mb() -> float:
    return _kib("VmHWM") / KIB_PER_MB


def _kib(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
