"""What others keep: the site, DMN, schemas, letters, calendars."""
