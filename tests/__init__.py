"""Everything that is tested, by room."""
