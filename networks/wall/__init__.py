"""The wall: a sandbox network in a process and a store of its own, its page, and the adapter that posts to it."""
