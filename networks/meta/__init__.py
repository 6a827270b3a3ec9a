"""What Facebook Pages and Instagram have in common: the Graph API, its errors, signing in, pictures."""
