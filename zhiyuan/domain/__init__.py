"""The field itself: rooms from `journeys` down to `foundation`, each importing only rooms below it."""
