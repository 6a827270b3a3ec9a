"""What is to be said: the campaign room."""
