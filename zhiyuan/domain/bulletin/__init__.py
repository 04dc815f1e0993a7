"""Figures, each defined once and counted, never typed; each opens to its rows.

Words: *figure* (a number with a definition, a unit and an as-of time).
"""
