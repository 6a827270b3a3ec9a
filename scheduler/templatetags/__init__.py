"""What the templates of every room can say about items and times."""
