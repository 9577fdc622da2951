"""What is made from rules and decisions for others to keep: calendars, notes, schemas, DMN, the rules as JSON."""
