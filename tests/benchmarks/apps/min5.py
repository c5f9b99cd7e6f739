"""The smallest Textual application: what every Textual program pays."""

from textual.app import App

App[None]().run()
