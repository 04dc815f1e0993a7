"""Verbs over several rooms: a person leaves, or takes along what is stored about them."""
