"""Faults on purpose: a run that breaks everything around the publishing core, and an oracle that compares afterwards."""
