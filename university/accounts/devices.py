"""What a browser is called in the list of one's devices: two words of a closed list, never what it sent."""

from __future__ import annotations

# In this order: most browsers also name those they descend from.
_BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrom": "Chrome", "Safari/": "Safari"}
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


def device_of(user_agent: str) -> str:
    """``Firefox, Linux``; a question mark for what we do not know."""
    browser = next((name for sign, name in _BROWSERS.items() if sign in user_agent), "?")
    system = next((name for sign, name in _SYSTEMS.items() if sign in user_agent), "?")
    return f"{browser}, {system}"
