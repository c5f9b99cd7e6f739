"""The laboratory: the real program killed, starved, cut off, fed with hostile data and deliberately broken.

`python -m tests.laboratory` lists the experiments; the short form of each is an ordinary test.
"""
