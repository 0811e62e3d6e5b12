"""How a number is written: chances in per cent, differences with their sign, intervals."""

from __future__ import annotations

from collections.abc import Mapping


def amount(value: float, unit: str, signed: bool = False) -> str:
    """A value in its unit: chances and shares in per cent; differences with a sign."""
    if value != value:
        return "–"
    sign = "+" if signed else ""
    if unit in ("chance", "share"):
        return f"{100 * value:{sign}.1f}" + ("" if signed else " %")
    return f"{value:{sign}.1f}"


def share_and_span(value: Mapping[str, float | None]) -> tuple[str, str]:
    """A chance that arises and its interval, such as ``16 %`` and ``14–18``; finer near 0 and 100."""
    chance, low, high = (100 * float(value[key] or 0.0) for key in ("chance", "low", "high"))
    digits = 0 if 1 <= chance <= 99 else 1
    return f"{chance:.{digits}f} %", f"{low:.{digits}f}–{high:.{digits}f}"


def percent(value: Mapping[str, float | None]) -> str:
    """A chance with its interval, such as ``15 % (13–17)``."""
    if value["chance"] is None:
        return "not asked"
    share, span = share_and_span(value)
    return f"{share} ({span})"
