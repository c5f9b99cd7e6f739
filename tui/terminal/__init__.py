"""Everything between Textual and the terminal; Textual is not imported until `driver` is.

Before the screen: `skeleton.paint` shows a first picture and asks the terminal what it can do, `probe.choose_glyphs` reads
the answer, `exit.install` makes signals save and give the terminal back. `driver.driver_class` gives the driver for `App`.
Outside text goes through `checks.shown.show`, then `glyphs.substitute`, before it is laid out.
"""
