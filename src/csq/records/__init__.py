"""What each kind of export contains: one pydantic model a file."""
