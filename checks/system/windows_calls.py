"""The two things on Windows that are asked by calls rather than read: the screen and the state of services."""

from __future__ import annotations

import sys

from checks.system.api import Unavailable
from checks.system.facts import DisplayFacts


def screen() -> DisplayFacts:
    """Pixels of the main screen; raises `Unavailable` where there is none."""
    if sys.platform != "win32":
        raise Unavailable("no Windows screen on this system")
    import ctypes

    user, graphics = ctypes.WinDLL("user32", winmode=0x800), ctypes.WinDLL("gdi32", winmode=0x800)
    user.GetDC.restype = ctypes.c_void_p
    user.GetDC.argtypes = [ctypes.c_void_p]
    user.ReleaseDC.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    graphics.GetDeviceCaps.argtypes = [ctypes.c_void_p, ctypes.c_int]
    context = user.GetDC(None)
    if not context:
        raise Unavailable("GetDC: no screen")
    try:
        # DESKTOPHORZRES and DESKTOPVERTRES: true pixels, whatever the scaling of this process.
        return DisplayFacts(graphics.GetDeviceCaps(context, 118), graphics.GetDeviceCaps(context, 117))
    finally:
        user.ReleaseDC(None, context)


def service_status(name: str) -> str:
    """State of a service in the words of psutil (`running`, `stopped` and so on); raises `Unavailable`."""
    if sys.platform != "win32":
        raise Unavailable("no service manager on this system")
    try:
        import psutil
    except ImportError as error:
        raise Unavailable(f"{name}: {type(error).__name__}") from None
    try:
        return str(psutil.win_service_get(name).status())
    except (psutil.Error, OSError) as error:
        raise Unavailable(f"{name}: {type(error).__name__}") from None
