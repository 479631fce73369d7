"""What each command does to the port's books; knows no database."""
