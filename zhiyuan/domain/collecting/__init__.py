"""What is collected before it is a need: rounds of a village, surveys, small wishes.

Words: *round* (a grid worker's, social worker's or clerk's walk through a village; each household is a *visit*),
*survey* (a list that residents tick; each tick is a *choice*, and a choice may become a need), *small wish*
(approved by the desk, claimed by somebody, fulfilled with a dated note). Money is never collected.
"""
