"""How days are written, one module a language; Django finds them by FORMAT_MODULE_PATH, and pages name them in `date`."""
