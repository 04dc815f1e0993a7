"""Verbs over several rooms at once: they stand on top and call the rooms below.

Words: *merge* (two files of one person become one), *kept* and *away* (the file that stays, and the one that from then
on only points to it), *undo* (everything as it was, row for row).
"""
