"""The county's areas, from province to village: codes, names that change, points.

Words: *area* (one unit of the tree), *level* (province, city, county, township, village), *alias* (another name
or code of the same area, dated), *successor* (the area that took over when one was merged away). A 12-digit
code is the tree: all that lies in an area is one range of codes.
"""
