"""Everything between Textual and the terminal. Nothing here imports Textual until a driver is asked for.

Before Textual is imported, in this order (each is quick and needs none of the others):

    from tui.terminal import exit as leaving, locale, probe, skeleton
    locale.problem(lang) -> str | None                a sentence when the locale cannot show Japanese, else None
    picture = skeleton.paint(title, steps, message, steps_at=(3, 3))
                                                      title, the steps, "loading"; None without a terminal.
                                                      The question of the next line travels along with it
    probe.choose_glyphs("auto" | "safe" | "narrow") -> Glyphs       at most 0.5 s after the question; ask for it
                                                      after the imports, then the answer is there already
    leaving.install(save)                             save(seconds) -> bool; HUP, TERM, INT end in 128 + n
    leaving.uninstall()                               if the process lives on after the screen
    leaving.leave(status)                             everything is saved: terminal back, os._exit at once
    leaving.terminal_gone()                           as after SIGHUP; the driver's own answer to a lost terminal

The driver:

    from tui.terminal.driver import driver_class
    App(driver_class=driver_class(glyphs=GLYPHS, on_gone=CALLBACK, picture=PICTURE))
        None (Textual's own driver) on Windows and with OSS_JUNBI_DRIVER=textual. CALLBACK() is called once, from
        any thread, when the terminal is gone; without one leaving.terminal_gone() saves and ends the process.
        With GLYPHS `safe` an ambiguous character that a widget draws by itself (frame, scroll bar) is replaced
        in its cell. PICTURE stays until the first frame that has text.
    app._driver.repaint()                             everything again (Ctrl+L)
    app._driver.send_control(data: str) -> bool       one OSC 52 or BEL, see clipboard; anything else is refused
    app._driver.stalled -> bool                       whether the line has not taken the last frame yet
    app._driver.move_cursor()                         brings the cursor along when nothing else changes
    Set app.cursor_position: the hardware cursor is visible and follows it.

    from tui.terminal.modes import restore_terminal            modes and termios back, never blocks, signal-safe

Glyphs and text:

    from tui.terminal.glyphs import NARROW, SAFE, Glyphs, substitute
    substitute(text, glyphs) -> str                   outside text and our own sentences, before layout
    from checks.wrap import cell_width, fit, wrap     kinsoku; cells as Textual counts them
    from checks.shown import show, show_lines         outside text made inert (before substitute)

Keys and clipboard:

    from tui.terminal.keys import halfwidth_key       halfwidth_key(event.character) -> "q" | "question_mark" | None
    from tui.terminal.keys import HalfwidthKeys       mixin for the App: the twins act as their half-width keys
    from tui.terminal.clipboard import copy           copy(text, driver.send_control) -> Copied.SENT | TOO_LONG | UNSUPPORTED
    from tui.terminal.selftest import run             `oss-junbi terminal`: run(lang, out, inp) -> exit code
"""
