"""Teams, sites, what is on the menu, and who may do what where.

Words: *team* (one of the county's 522), *path* (a team's place in the tree; all below it is one range), *guide*
(the team that leads a line of business, beside the territorial parent), *site* (a 阵地), *role* (a grant that
holds for a branch, dated), *scope* (all that a permission reaches), *category* (what can be asked for),
*skill*.
"""
