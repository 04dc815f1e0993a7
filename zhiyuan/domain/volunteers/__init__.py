"""Who can help: volunteers, their skills and credentials, when they are free, which teams they belong to.

Words: *volunteer* (a person who registered to serve), *number* (a local one that gives nothing away),
*membership* (in a team, dated), *availability* (a grid of 24 cells: eight kinds of day by morning, afternoon,
evening), *strength* (what a team's members can do and when, counted).
"""
