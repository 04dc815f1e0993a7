"""The demo county: a made-up Zhenyuan at its real size, on its real areas.

The generators (names, population, organisation_plan, stories) are plain values in and out, the same for the same seed.
Nobody in them exists: names are drawn from tables, telephones begin with 100, credit codes carry the area 999999.
"""
