"""What is made from rules and decisions for others to keep: calendars, and with time pages, schemas and notes."""
