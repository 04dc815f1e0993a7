"""What only the demo has: the role bar, and the messages that its sink received."""
