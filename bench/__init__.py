"""Measuring the program as it runs: `./run bench [NAME …]`. The figures stand in docs/measurements.md.

Words: *server* (the real one, on a database of its own), *client* (a thread that asks over HTTP), *inside* (a process
that looks into that database with the program's own models). Nothing here is imported by the program.
"""
