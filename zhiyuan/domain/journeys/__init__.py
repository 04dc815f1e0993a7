"""Verbs over several rooms at once: a person leaves, takes along what is stored about them, or has two files made one.

Words: *merge* (two files of one person become one), *kept* and *away* (the file that stays, and the one that from then
on only points to it), *undo* (everything as it was, row for row).
"""
